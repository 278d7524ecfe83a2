"""What strangers may ask for: requests as pydantic models, and their refusals in sentences.

A request of a page or of a program is a subclass of `Request`, standing beside what answers it.
`read` checks one. What a field may be is said once, by its type; what is refused is told by it too.
"""

from functools import cache
from typing import Annotated, Any, NoReturn, Protocol, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo
from pydantic import ValidationError as _ValidationError

from vae_core.errors import UsageError, check_name, shown

from . import noise

MOST_MODELS = 64
LARGEST_SEED = 2**31 - 1
LARGEST_SCALE = 16  # pixels of a file along one pixel of a digit
LARGEST_PICTURE = 16 * 2**20  # bytes of a file with a picture in it
MOST_DIGITS = 16  # in one request


class Request(BaseModel):
    """A checked request: no other fields than these, no other types, no NaN and no infinity."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False, frozen=True)


Asked = TypeVar("Asked", bound=Request)


class Names(Protocol):
    """Says which names of models and atlases there are; the store of the trained models does."""

    def check(self, name: object) -> None: ...

    def check_atlas(self, name: object) -> None: ...


def read(kind: type[Asked], data: Any, names: Names | None = None) -> Asked:
    """A stranger's request as one of this kind.

    Arguments:
        names: where the names of models are looked up, for requests that have any.

    Raises:
        UsageError: if it is none: what is wrong, what was found, and what would work.
    """
    try:
        return kind.model_validate(data, context={"names": names})
    except _ValidationError as error:
        first = error.errors(include_url=False)[0]
    _refuse(kind, first)


# --- what fields of many requests may be ---


def _model(name: Any, info: ValidationInfo) -> Any:
    _names(info).check(name)
    return name


def _atlas(name: Any, info: ValidationInfo) -> Any:
    _names(info).check_atlas(name)
    return name


def _names(info: ValidationInfo) -> Names:
    return info.context["names"]  # type: ignore[index]


def _gaussian(name: Any, info: ValidationInfo) -> Any:
    from vae_core.experiments.catalogue import BETA_FAMILY

    if not isinstance(name, str) or name not in BETA_FAMILY:
        _names(info).check(name)
    return name


def _corruption(name: Any) -> Any:
    from vae_core.data.corruption import CORRUPTIONS

    check_name("corruption", name, CORRUPTIONS)
    return name


def _distinct(names: list[str]) -> list[str]:
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise UsageError(f"Each name may stand in a list once; got '{shown(twice)}' twice.")
    return names


Seed = Annotated[int, Field(ge=0, le=LARGEST_SEED)]
Strength = Annotated[float, Field(ge=0, le=1)]
Scale = Annotated[int, Field(ge=1, le=LARGEST_SCALE)]
ModelName = Annotated[str, BeforeValidator(_model)]
AtlasName = Annotated[str, BeforeValidator(_atlas)]  # a model's, or that of the raw pixels
ModelNames = Annotated[
    list[ModelName],
    Field(max_length=MOST_MODELS, description=f"a list of up to {MOST_MODELS} names of models"),
    AfterValidator(_distinct),
]
AtlasNames = Annotated[
    list[AtlasName], Field(min_length=1, max_length=2), AfterValidator(_distinct)
]

# Of variational models, among them the maps at different beta. That they are some, costs tell.
GaussianNames = Annotated[
    list[Annotated[str, BeforeValidator(_gaussian)]],
    Field(max_length=8, description="a list of up to 8 names of variational models"),
]
# The noise that a code is drawn with: so many standard deviations for each of its numbers.
Epsilon = Annotated[
    list[Annotated[float, Field(ge=-10, le=10)]], Field(description="a list of numbers")
]


class Noise(Request):
    """How a digit is spoilt before the models see it."""

    kind: Annotated[str, BeforeValidator(_corruption)]
    strength: Strength
    seed: Seed

    def plain(self) -> noise.Noise:
        """The same, as `inference` takes it."""
        return noise.Noise(self.kind, self.strength, self.seed)


# --- pydantic's errors as sentences ---


def _refuse(kind: type[Request], error: Any) -> NoReturn:
    """Raises the UsageError that tells of one of pydantic's errors."""
    cause = error.get("ctx", {}).get("error")
    if isinstance(cause, UsageError):  # raised by a validator, in its own words
        raise cause
    way, found = error["loc"], error["input"]
    schema = _schema_of(kind, way)
    if error["type"] == "extra_forbidden":
        beside = _beside_null(_schema_of(kind, way[:-1]))
        check_name("field", way[-1], beside.get("properties", {}))
    if error["type"] == "literal_error":
        names = [step for step in way if isinstance(step, str)]
        check_name(names[-1], found, schema.get("enum", [schema.get("const")]))
    if error["type"] == "missing":
        raise UsageError(f"{_named(way)} is missing. It must be {_wanted(schema)}.")
    if error["type"] in ("too_long", "too_short", "string_too_long", "string_too_short"):
        found = len(found)
    raise UsageError(f"{_named(way)} must be {_wanted(schema)}; got {shown(found)}.")


def _named(way: tuple[str | int, ...]) -> str:
    """A field by its way from the request: `noise.seed`, `codes[0][1]`."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{shown(step)}" for step in way)
    return "".join(steps).lstrip(".") or "A request"


@cache
def _schema(kind: type[Request]) -> dict[str, Any]:
    return kind.model_json_schema()


def _schema_of(kind: type[Request], way: tuple[str | int, ...]) -> dict[str, Any]:
    """What a field may be, as JSON Schema; empty where nothing is said of it."""
    found = whole = _schema(kind)
    for step in way:
        inner = _beside_null(found)
        inner = (
            inner.get("items") if isinstance(step, int) else inner.get("properties", {}).get(step)
        )
        found = _resolved(inner or {}, whole)
    return found


def _beside_null(schema: dict[str, Any]) -> dict[str, Any]:
    """What else a field may be that may be null."""
    choices = (each for each in schema.get("anyOf", []) if each.get("type") != "null")
    return next(choices, schema)


def _resolved(schema: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    """The schema with those that it refers to in their place."""
    if "anyOf" in schema:
        return {**schema, "anyOf": [_resolved(each, whole) for each in schema["anyOf"]]}
    if "$ref" not in schema:
        return schema
    there = whole["$defs"][schema["$ref"].rpartition("/")[2]]
    # The docstring of a class is for who reads it, and does not say what would work.
    return {**there, "description": schema.get("description", "")}


def _wanted(schema: dict[str, Any]) -> str:
    """What would work, for the end of a sentence; a field's own description, if it has one."""
    kind, names = schema.get("type"), [*schema.get("properties", {})]
    if kind == "object" and names:
        last = names.pop()
        return (
            f"an object with {', '.join(names)} and {last}" if names else f"an object with {last}"
        )
    if schema.get("description"):
        return schema["description"]
    if "anyOf" in schema:
        return " or ".join(_wanted(each) for each in schema["anyOf"])
    if "enum" in schema:
        return f"one of {', '.join(map(str, schema['enum']))}"
    if kind in ("integer", "number"):
        return ("a whole number" if kind == "integer" else "a number") + _range(
            schema, "minimum", "maximum"
        )
    if kind == "string":
        counts = _count(schema, "minLength", "maxLength")
        return f"text of {counts} characters" if counts else "text"
    if kind == "array":
        counts = _count(schema, "minItems", "maxItems")
        return f"a list of {counts} values" if counts else "a list"
    words = {"boolean": "true or false", "null": "null", "object": "an object"}
    return words.get(str(kind), "another value")


def _range(schema: dict[str, Any], lowest: str, highest: str) -> str:
    """ " from 1 to 16", or as much of it as is said."""
    low, high = (
        None if schema.get(end) is None else f"{schema[end]:.12g}" for end in (lowest, highest)
    )
    if low is None:
        return "" if high is None else f" up to {high}"
    return f" from {low}" + ("" if high is None else f" to {high}")


def _count(schema: dict[str, Any], lowest: str, highest: str) -> str:
    """ "1 to 16", or as much of it as is said."""
    low, high = schema.get(lowest), schema.get(highest)
    if low == high:
        return "" if low is None else f"{low}"
    if high is None:
        return f"{low} or more"
    return f"up to {high}" if low is None else f"{low} to {high}"
