/** The page's only style sheet: one column on a phone, cards side by side where there is room. */
export const STYLE = `
:root { color-scheme: light; --ink: #1f2933; --soft: #5b6773; --line: #d9dee4; --paper: #fff; --ground: #f4f6f8; --good: #2e8b57; --bad: #c0392b; --main: #2f6fb0; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 1160px; margin: 0 auto; padding: 16px; }
header { padding: 8px 0 16px; }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.05rem; margin: 0 0 8px; }
h3 { font-size: 0.95rem; margin: 20px 0 0; }
article p { margin: 4px 0; overflow-wrap: anywhere; }
header p { margin: 4px 0 0; color: var(--soft); }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr)); gap: 16px; align-items: start; }
section { background: var(--paper); border: 1px solid var(--line); border-radius: 8px; padding: 16px; min-width: 0; }
section.wide { grid-column: 1 / -1; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 4px 8px 4px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td.number, th.number { text-align: right; }
td.whole { white-space: nowrap; }
.good { color: var(--good); } .bad { color: var(--bad); }
.soft { color: var(--soft); font-size: 0.85rem; }
code { font-size: 0.85em; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
svg { display: block; height: auto; max-width: 440px; margin: 0 auto; }
svg.graph { max-width: none; margin: 0; }
svg.graph text { font: 13px system-ui, sans-serif; fill: var(--ink); }
svg.graph .pale { opacity: 0.45; }
svg.graph .kind { font-size: 11px; fill: var(--soft); }
`;
