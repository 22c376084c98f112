/** An SVG that was drawn already, with words for those who don't see it. */
export function Chart({ svg, label }: { readonly svg: string; readonly label: string }) {
  return <div role="figure" aria-label={label} dangerouslySetInnerHTML={{ __html: svg }} />;
}
