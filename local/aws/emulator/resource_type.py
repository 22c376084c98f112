"""How CloudFormation makes, changes and removes one type of resource through its service's own API."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Properties = Mapping[str, Any]


@dataclass(frozen=True)
class Stability:
    """Which states of a resource are worth waiting for, in the answer of its describe action."""

    member: str
    ready: tuple[str, ...]
    failed: tuple[str, ...]
    reason: str
    """Member of the answer that says why it failed."""
    kept: tuple[str, ...] = ()
    """Members that have to be as asked for once it is ready, or the service has rolled back by itself."""


@dataclass(frozen=True)
class Part:
    """A list among the properties of a resource whose items its service keeps by actions of their own."""

    property: str
    name: str
    """Member of an item that tells it from the others."""
    put: str
    delete: str


@dataclass(frozen=True)
class ResourceType:
    """A row of the table. Actions are boto3's names."""

    name: str
    """For example `AWS::SageMaker::Model`."""
    service: str
    create: str
    delete: str
    key: Callable[[str, Properties], dict[str, Any]]
    """What identifies it in requests, from its physical id (or its name, before it has one) and its properties."""
    physical_id: Callable[[Properties, Mapping[str, Any]], str]
    """What `Ref` gives, from the request and the answer of the create action."""
    describe: str | None = None
    update: str | None = None
    """Without it, only tags can change in place."""
    name_property: str | None = None
    """Property that holds the name; one is generated when it is absent."""
    attributes: Mapping[str, str] = field(default_factory=dict)
    """Attributes for Fn::GetAtt, and the members of the describe answer that hold them."""
    replacing: tuple[str, ...] = ()
    """Properties that can't change in place."""
    request: Callable[[Properties], dict[str, Any]] = dict
    """Turns properties into members of requests where the two differ."""
    only_on_create: tuple[str, ...] = ("Tags",)
    only_on_update: tuple[str, ...] = ()
    taggable: bool = True
    """Whether CloudFormation passes the tags of the stack on to it."""
    stability: Stability | None = None
    parts: tuple[Part, ...] = ()
    """They are requested with the key of the resource, after it."""
    before_delete: Callable[[Any, dict[str, Any]], None] | None = None
    """What has to happen first, given a boto3 client and the key."""
    adopts: bool = False
    """Whether a resource of that name that no stack owns is taken over; else it is deleted and made again."""
