"""The part of CloudWatch's metric math that alarms on endpoints need: arithmetic, comparisons, AND, OR, IF and FILL.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping

Value = float | None
"""None is a missing data point."""

ARITHMETIC: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.BitXor: operator.pow,
}
COMPARISONS: Mapping[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
ARGUMENTS = {"IF": 3, "FILL": 2, "ABS": 1}


def parse(expression: str) -> ast.expr:
    """Raises ValueError for what this evaluator can't do, so that no alarm is silently wrong."""
    text = re.sub(r"&&|\bAND\b", " and ", re.sub(r"\|\||\bOR\b", " or ", expression))
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        raise ValueError(f"metric math: can't be read, got {expression!r}; check the expression") from error
    _check(tree, expression)
    return tree


def names(tree: ast.expr) -> set[str]:
    """The ids of the metrics and expressions that it reads."""
    functions = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in functions}


def evaluate(tree: ast.expr, values: Mapping[str, Value]) -> Value:  # noqa: PLR0911, one answer a kind of node
    """One data point. A missing operand makes a missing result, and so does a division by zero."""
    match tree:
        case ast.Constant(value=bool() | int() | float() as number):
            return float(number)
        case ast.Name(id=name):
            return values.get(name)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            value = evaluate(operand, values)
            return None if value is None else -value
        case ast.BoolOp(op=op, values=operands):
            results = [evaluate(operand, values) for operand in operands]
            if any(result is None for result in results):
                return None
            return float(all(results) if isinstance(op, ast.And) else any(results))
        case ast.Call(func=ast.Name(id=function), args=arguments):
            return _call(function, arguments, values)
        case ast.BinOp(left=left, op=op, right=right):
            return _apply(ARITHMETIC[type(op)], evaluate(left, values), evaluate(right, values))
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _apply(COMPARISONS[type(op)], evaluate(left, values), evaluate(right, values))
    raise ValueError(f"metric math: can't evaluate {ast.dump(tree)}")


def _call(function: str, arguments: list[ast.expr], values: Mapping[str, Value]) -> Value:
    first = evaluate(arguments[0], values)
    if function == "FILL":
        return evaluate(arguments[1], values) if first is None else first
    if first is None:
        return None
    if function == "IF":
        return evaluate(arguments[1] if first else arguments[2], values)
    return abs(first)


def _apply(function: Callable[[float, float], float], left: Value, right: Value) -> Value:
    if left is None or right is None:
        return None
    try:
        return float(function(left, right))
    except (ZeroDivisionError, OverflowError):
        return None


def _check(tree: ast.AST, expression: str) -> None:  # noqa: C901, one case a kind of node
    def refuse(what: str) -> ValueError:
        return ValueError(f"metric math: {what} is not known to the local AWS, got {expression!r}; write it otherwise")

    match tree:
        case ast.Call(func=ast.Name(id=function), args=arguments, keywords=[]):
            if function not in ARGUMENTS:
                raise refuse(f"the function {function}")
            if len(arguments) != ARGUMENTS[function]:
                raise refuse(f"{function} with {len(arguments)} arguments")
            parts: list[ast.expr] = arguments
        case ast.Name():
            parts = []
        case ast.Constant(value=int() | float()):
            parts = []
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            parts = [operand]
        case ast.BoolOp(values=operands):
            parts = operands
        case ast.BinOp(left=left, op=op, right=right) if type(op) in ARITHMETIC:
            parts = [left, right]
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in COMPARISONS:
            parts = [left, right]
        case _:
            raise refuse(type(tree).__name__)
    for part in parts:
        _check(part, expression)
