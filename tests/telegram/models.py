"""Requests and updates checked against aiogram's models of the Bot API, which are independent of the bot and of us.

aiogram keeps fields it does not know: here they count as problems, at any depth.
"""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from aiogram import methods
from aiogram.client.default import Default
from aiogram.methods.base import TelegramMethod
from aiogram.types import Update
from pydantic import BaseModel, TypeAdapter, ValidationError

METHODS: dict[str, type[TelegramMethod[Any]]] = {
    method.__api_method__.lower(): method
    for method in vars(methods).values()
    if isinstance(method, type) and issubclass(method, TelegramMethod) and method is not TelegramMethod
}


def decode_parameters(method: str, form: Mapping[str, Any]) -> dict[str, Any]:
    """A form's values as the method takes them: all but plain text is JSON. What is no JSON stays as it came."""
    model = METHODS.get(method.lower())
    fields = model.model_fields if model else {}
    return {
        name: _decoded(value) if isinstance(value, str) and not _is_text(fields.get(name)) else value
        for name, value in form.items()
    }


def request_problems(method: str, parameters: Mapping[str, Any]) -> list[str]:
    """What is wrong with a request's body, by aiogram's model of the method."""
    model = METHODS.get(method.lower())
    return [f"no method {method}"] if model is None else _problems(model, parameters)


def update_problems(update: Mapping[str, Any]) -> list[str]:
    """What is wrong with an update, by aiogram's model."""
    return _problems(Update, update)


def result_problems(method: str, result: Any) -> list[str]:
    """What is wrong with what a method gave back, by the type aiogram reads it as."""
    model = METHODS.get(method.lower())
    return [f"no method {method}"] if model is None else _problems(model.__returning__, result)


def _problems(kind: Any, values: Any) -> list[str]:
    name = getattr(kind, "__name__", str(kind))
    try:
        read = _adapter(kind).validate_python(values)
    except ValidationError as error:
        return [f"{name}.{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
    return [f"{name} has no field {field}" for field in _unknown(read)]


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _unknown(value: Any, path: str = "") -> Iterator[str]:
    if isinstance(value, BaseModel):
        yield from (f"{path}{name}" for name in value.model_extra or {})
        for name in type(value).model_fields:
            yield from _unknown(getattr(value, name), f"{path}{name}.")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _unknown(item, f"{path}{number}.")


def _is_text(field: Any) -> bool:
    """Whether a field is a string and nothing else, None and aiogram's own default apart."""
    kinds = set(_leaves(field.annotation)) if field else {str}
    return kinds - {type(None), Default} == {str}


def _leaves(annotation: Any) -> Iterator[Any]:
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        for part in typing.get_args(annotation):
            yield from _leaves(part)
    else:
        yield annotation


def _decoded(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value
