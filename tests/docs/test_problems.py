"""docs/problems.md explains every refusal that the code can give, with its status, and no other."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Final, get_args

from pydantic_core.core_schema import ErrorType

import app
import reports
from app import problems
from app.kernel.errors import AppError
from tests.architecture.source import ROOT, nodes, place, python_files
from tests.inputs.routes import document

PAGE: Final = ROOT / "docs" / "problems.md"
ROW: Final = re.compile(r"^\| `(?P<code>[a-z_-]+)` \|(?: (?P<status>\d+) \|)? (?P<rest>.+) \|$")
# A finding made from pieces, and an error of the validation library: neither has a `code` to find.
CODE_AT: Final = {"Finding": 1, "PydanticCustomError": 0}
# What the validation library calls the breach of each part of a schema (JSON Schema on the left).
BREACHES: Final = {
    "required": "missing",
    "maxLength": "string_too_long",
    "minLength": "string_too_short",
    "maxItems": "too_long",
    "minItems": "too_short",
    "minimum": "greater_than_equal",
    "maximum": "less_than_equal",
    "exclusiveMinimum": "greater_than",
    "exclusiveMaximum": "less_than",
    "enum": "literal_error",
    "const": "literal_error",
    "pattern": "string_pattern_mismatch",
    "format": "no format is read by the library: our own parsers read texts",
}
TYPES: Final = {
    "string": "string_type",
    "integer": "int_type",
    "boolean": "bool_type",
    "array": "list_type",
    "object": "model_attributes_type",
}


def section(title: str) -> list[str]:
    """The lines of one part of the page."""
    text = PAGE.read_text(encoding="utf-8")
    [found] = re.findall(rf"^## {title}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return str(found).splitlines()


def rows(title: str) -> list[re.Match[str]]:
    """The rows of the tables in one part of the page."""
    return [match for line in section(title) if (match := ROW.match(line))]


def refusals() -> Iterator[type[AppError]]:
    """Every kind of refusal, wherever it is defined."""
    for package in (app, reports):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    waiting: list[type[AppError]] = [AppError]
    while waiting:
        kind = waiting.pop()
        yield kind
        waiting += kind.__subclasses__()


def status(kind: type[AppError]) -> int:
    """The status that it is answered with; 500 where nobody foresaw that it is answered at all."""
    return problems.status_of(kind.__new__(kind))


@cache
def named_arguments() -> dict[str, int]:
    """Where the code stands among the arguments of what takes one, by the name of what takes it."""
    found = dict(CODE_AT)
    for path in python_files("app", "reports"):
        for node in nodes(path):
            if isinstance(node, ast.ClassDef):
                for one in node.body:
                    if isinstance(one, ast.FunctionDef) and one.name == "__init__":
                        found |= _code_argument(node.name, one)
            elif isinstance(node, ast.FunctionDef) and node.name != "__init__":
                found |= _code_argument(node.name, node)
    return found


def _code_argument(name: str, function: ast.FunctionDef) -> dict[str, int]:
    names = [one.arg for one in function.args.args if one.arg not in {"self", "cls"}]
    takes_code = "code" in names and ("detail" in names or name.endswith("Error"))
    return {name: names.index("code")} if takes_code else {}


@cache
def code_arguments() -> tuple[tuple[str, str, ast.expr], ...]:
    """Each place that gives a code: where, what takes it, and the expression."""
    return tuple(_code_arguments())


def _code_arguments() -> Iterator[tuple[str, str, ast.expr]]:
    for path in python_files("app", "reports"):
        for node in nodes(path):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            index = named_arguments().get(name)
            if index is None:
                continue
            given = {one.arg: one.value for one in node.keywords}
            if "code" in given:
                yield place(path, node), name, given["code"]
            elif len(node.args) > index:
                yield place(path, node), name, node.args[index]


def literals(expression: ast.expr) -> set[str]:
    """The texts in an expression: `"a" if x else "b"` has two."""
    return {
        node.value
        for node in ast.walk(expression)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def given_codes(*takers: str) -> set[str]:
    """The codes given to one of these, or to any but these with a leading `-`."""
    barred = {name[1:] for name in takers if name.startswith("-")}
    return {
        code
        for _, name, expression in code_arguments()
        if name not in barred and (barred or name in takers)
        for code in literals(expression)
    }


def breaches() -> set[str]:
    """What the validation library can find wrong with any body or parameter."""
    found = set()
    for methods in document()["paths"].values():
        for operation in methods.values():
            parameters = operation.get("parameters", ())
            for parameter in (one for one in parameters if "schema" in one):
                # The value of a parameter is a text, so only its bounds can be broken.
                found |= set(_breaches(parameter["schema"])) - set(TYPES.values())
            for content in operation.get("requestBody", {}).get("content", {}).values():
                found |= set(_breaches(content["schema"]))
    return found


def _breaches(schema: dict[str, Any]) -> Iterator[str]:
    if "$ref" in schema:
        yield from _breaches(_definition(schema["$ref"].rpartition("/")[2]))
        return
    yield from (BREACHES[name] for name in schema if name in BREACHES)
    if schema.get("additionalProperties") is False:
        yield "extra_forbidden"
    if "properties" in schema:
        for part in schema["properties"].values():
            yield from _breaches(part)
    elif schema.get("type") == "object":
        yield "dict_type"
        return
    if "type" in schema and schema["type"] in TYPES:
        yield TYPES[schema["type"]]
    parts = [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
    for part in [*parts, schema["items"]] if "items" in schema else parts:
        yield from _breaches(part)


def _definition(name: str) -> dict[str, Any]:
    found: dict[str, Any] = document()["components"]["schemas"][name]
    return found


def test_every_problem_type_is_explained_with_its_status() -> None:
    kinds = {(kind.code, status(kind)) for kind in refusals()}
    called = {
        (code, int(statuses.group()))
        for path in python_files("app", "reports")
        for node in nodes(path)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "problem"
        for code in literals(node.args[2])
        if (statuses := re.fullmatch(r"\d+", ast.unparse(node.args[1])))
    }
    at_the_command_line = {one["code"] for one in rows("Problem types") if not one["status"]}
    explained = {
        (one["code"], int(one["status"])) for one in rows("Problem types") if one["status"]
    }
    assert explained == {one for one in kinds | called if one[0] not in at_the_command_line}
    # A refusal without a status of its own would be answered as a fault of ours.
    unforeseen = {code for code, number in kinds if number == 500} - {"internal-error"}
    assert at_the_command_line == unforeseen


def test_every_finding_code_is_explained() -> None:
    explained = {one["code"] for one in rows("Finding codes")}
    renamed = set(problems._CODES)
    library = {code for code in breaches() if " " not in code} - renamed
    assert explained == given_codes("-problem") | library


def test_the_codes_of_the_library_are_its_own() -> None:
    library = set(get_args(ErrorType))
    ours = given_codes("-problem")
    assert {one["code"] for one in rows("Finding codes")} - ours <= library


def test_each_code_is_explained_once() -> None:
    codes = [one["code"] for title in ("Problem types", "Finding codes") for one in rows(title)]
    assert sorted(codes) == sorted(set(codes))


def test_each_code_can_be_followed_to_where_it_is_written() -> None:
    # What passes a code on has it from an attribute or an argument of that name.
    lost = [
        where
        for where, _, expression in code_arguments()
        if not literals(expression) and not re.fullmatch(r"(\w+\.)?code", ast.unparse(expression))
    ]
    assert lost == []


def test_no_status_is_kept_for_a_code_that_nobody_uses() -> None:
    used = {kind.code for kind in refusals()} | given_codes("problem")
    assert sorted(set(problems.STATUS_OF_CODE) - used) == []
