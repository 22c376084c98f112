"""cfn-lint on many templates in one process: it takes seconds to load its rules and the schemas of resources.

`python lint.py TEMPLATE...` prints what it finds, as JSON.
"""

import sys
from collections.abc import Callable, Hashable, Mapping
from functools import cache
from typing import ParamSpec, TypeVar

from cfnlint.context import context
from cfnlint.jsonschema import _filter, validators
from cfnlint.runner.cli import main

P = ParamSpec("P")
T = TypeVar("T")
Functions = Mapping[str, Hashable]


def once(make: Callable[P, T], key_of: Callable[P, Hashable]) -> Callable[P, T]:
    """Gives what was made before for the same arguments."""
    made: dict[Hashable, T] = {}

    def give(*arguments: P.args, **named: P.kwargs) -> T:
        key = key_of(*arguments, **named)
        if key not in made:
            made[key] = make(*arguments, **named)
        return made[key]

    return give


def key_of_class(
    validators: Functions | None = None,
    function_filter: _filter.FunctionFilter | None = None,
    fn_resolvers: Functions | None = None,
) -> Hashable:
    of_filter = function_filter and (function_filter.add_cfn_lint_keyword, function_filter.validate_dynamic_references)
    return frozenset((validators or {}).items()), of_filter, frozenset((fn_resolvers or {}).items())


# For each rule that looks at a part of a template cfn-lint makes a class, and an empty template that it drops, and for
# each value it asks which fields its classes have. What it finds is the same, in two thirds of the time.
validators.create = once(validators.create, key_of_class)
validators.Template = once(validators.Template, lambda filename, template: (filename, str(template)))
for module in (context, _filter, validators):
    module.fields = cache(module.fields)

if __name__ == "__main__":
    sys.argv[1:] = ["--non-zero-exit-code", "none", "--format", "json", *sys.argv[1:]]
    main()
