"""Does what CloudFormation asks for one resource, by calls to the service that owns it."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError

from emulator.coercion import coerce
from emulator.resource_type import Properties, ResourceType

logger = logging.getLogger("resources")

NOT_FOUND = re.compile(r"not ?found|does not exist|could not find|no such", re.IGNORECASE)
Attributes = dict[str, Any]


class ResourceFailed(Exception):
    """Ends up as the status reason of the resource."""


class ResourceProvider:
    """The three operations on resources of one type, in the form that ministack calls."""

    def __init__(  # noqa: PLR0913, the bounds are there for tests
        self,
        kind: ResourceType,
        client: Callable[[str], Any],
        generate_name: Callable[[str, str], str],
        is_owned: Callable[[str, str], bool],
        *,
        poll_seconds: float = 0.2,
        stable_seconds: float = 3600,
        unreachable_seconds: float = 30,
    ) -> None:
        """
        client: makes a boto3 client, from the name of the service
        generate_name: from the names of the stack and of the resource in it
        is_owned: whether a stack has a resource of that type and physical id
        stable_seconds: how long a resource may take to become stable
        unreachable_seconds: how long a service may take to answer at all, as while it starts
        """
        self.kind = kind
        self._client = client
        self._generate_name = generate_name
        self._is_owned = is_owned
        self._poll_seconds = poll_seconds
        self._stable_seconds = stable_seconds
        self._unreachable_seconds = unreachable_seconds

    def create(self, logical_id: str, properties: Properties, stack_name: str) -> tuple[str, Attributes]:
        kind = self.kind
        name = kind.name_property
        if name is not None and not properties.get(name):
            properties = {**properties, name: self._generate_name(stack_name, logical_id)}
        request = self._request(kind.create, properties, left_out=kind.only_on_update)
        left_behind = self._unowned(properties) if name is not None and kind.describe else None
        if left_behind is not None:
            physical_id = kind.physical_id(request, left_behind)
            logger.warning("%s %s is taken over: it is there already, and no stack owns it", kind.name, physical_id)
            if kind.adopts:
                if kind.update:
                    self._call(kind.update, self._request(kind.update, properties, left_out=kind.only_on_create))
                return physical_id, self._attributes(physical_id, self._stable(physical_id, properties))
            self.delete(physical_id, properties)
        physical_id = kind.physical_id(request, self._call(kind.create, request))
        try:
            self._put_parts(physical_id, {}, properties)
            return physical_id, self._attributes(physical_id, self._stable(physical_id, properties))
        except Exception:
            # It isn't part of the stack yet, so nobody else would remove it.
            self._delete_quietly(physical_id, properties)
            raise

    def update(self, physical_id: str, old: Properties, new: Properties, stack_name: str) -> tuple[str, Attributes]:
        kind = self.kind
        changed = {member for member in {*old, *new} if old.get(member) != new.get(member)}
        if kind.update and changed - {"Tags"}:
            key = kind.key(physical_id, new)
            named = {kind.name_property: key[kind.name_property]} if kind.name_property else {}
            request = self._request(kind.update, {**new, **named}, left_out=kind.only_on_create)
            self._call(kind.update, request)
        self._put_parts(physical_id, old, new)
        if "Tags" in changed and kind.service == "sagemaker":
            self._retag(physical_id, old, new)
        return physical_id, self._attributes(physical_id, self._stable(physical_id, new))

    def delete(self, physical_id: str, properties: Properties) -> None:
        """Does nothing if the resource is gone."""
        key = self.kind.key(physical_id, properties)
        try:
            if self.kind.before_delete:
                self.kind.before_delete(self._client(self.kind.service), key)
            self._call(self.kind.delete, key)
        except ClientError as error:
            if not is_not_found(error):
                raise
            return
        if self.kind.stability is None:
            return
        deadline = time.monotonic() + self._stable_seconds
        while (state := self._describe(key)) is not None:
            if state[self.kind.stability.member] in self.kind.stability.failed:
                raise ResourceFailed(f"{physical_id} can't be deleted, got {self._why(state)}")
            self._wait(deadline, physical_id, "gone")

    def _unowned(self, properties: Properties) -> Mapping[str, Any] | None:
        name = str(properties[self.kind.name_property or ""])
        state = self._describe(self.kind.key(name, properties))
        if state is None or self._is_owned(self.kind.name, self.kind.physical_id(properties, state)):
            return None
        return state

    def _stable(self, physical_id: str, properties: Properties) -> Mapping[str, Any] | None:
        """The last answer of the describe action, once the resource is as asked for."""
        stability = self.kind.stability
        key = self.kind.key(physical_id, properties)
        deadline = time.monotonic() + self._stable_seconds
        while True:
            state = self._describe(key)
            if stability is None:
                return state
            if state is None:
                raise ResourceFailed(f"{physical_id} has disappeared")
            status = state[stability.member]
            if status in stability.failed:
                raise ResourceFailed(f"{physical_id} is {status}, got {self._why(state)}")
            if status in stability.ready:
                for member in stability.kept:
                    if member in properties and state.get(member) != properties[member]:
                        raise ResourceFailed(
                            f"{physical_id} was rolled back to {state.get(member)}, got {self._why(state)}"
                        )
                return state
            self._wait(deadline, physical_id, " or ".join(stability.ready))

    def _why(self, state: Mapping[str, Any]) -> str:
        reason = self.kind.stability.reason if self.kind.stability else ""
        return str(state.get(reason) or "no reason")

    def _wait(self, deadline: float, physical_id: str, goal: str) -> None:
        if time.monotonic() >= deadline:
            raise ResourceFailed(f"{physical_id} is not {goal} after {self._stable_seconds:.0f} s")
        time.sleep(self._poll_seconds)

    def _attributes(self, physical_id: str, state: Mapping[str, Any] | None) -> Attributes:
        values: Attributes = {}
        for attribute, member in self.kind.attributes.items():
            value = (state or {}).get(member) if member else physical_id
            values[attribute] = value if isinstance(value, (str, int, float, bool)) else str(value)
        return values

    def _describe(self, key: dict[str, Any]) -> Mapping[str, Any] | None:
        if self.kind.describe is None:
            return None
        try:
            return self._call(self.kind.describe, key)
        except ClientError as error:
            if is_not_found(error):
                return None
            raise

    def _delete_quietly(self, physical_id: str, properties: Properties) -> None:
        try:
            self.delete(physical_id, properties)
        except Exception:
            logger.exception("%s %s could not be removed after it had failed", self.kind.name, physical_id)

    def _put_parts(self, physical_id: str, old: Properties, new: Properties) -> None:
        key = self.kind.key(physical_id, new)
        for part in self.kind.parts:
            before, after = ({item[part.name]: item for item in every.get(part.property) or []} for every in (old, new))
            for name in before.keys() - after.keys():
                self._call(part.delete, {**key, part.name: name})
            for name, item in after.items():
                if item != before.get(name):
                    self._call(part.put, self._coerced(part.put, {**key, **item}))

    def _retag(self, physical_id: str, old: Properties, new: Properties) -> None:
        before, after = _tags(old), _tags(new)
        arn = self._arn(physical_id, new)
        gone = sorted(set(before) - set(after))
        if gone:
            self._call("delete_tags", {"ResourceArn": arn, "TagKeys": gone})
        if after:
            self._call("add_tags", {"ResourceArn": arn, "Tags": [{"Key": k, "Value": v} for k, v in after.items()]})

    def _arn(self, physical_id: str, properties: Properties) -> str:
        if physical_id.startswith("arn:"):
            return physical_id
        state = self._describe(self.kind.key(physical_id, properties)) or {}
        return next(str(value) for member, value in state.items() if member.endswith("Arn") and member != "RoleArn")

    def _request(self, action: str, properties: Properties, left_out: tuple[str, ...]) -> dict[str, Any]:
        left_out = (*left_out, *(part.property for part in self.kind.parts))
        request = self.kind.request({key: value for key, value in properties.items() if key not in left_out})
        if "Tags" in request:
            tags = _tags(request)
            # Application Auto Scaling wants a map; templates have a list for every type.
            is_map = self._shape(action).members["Tags"].type_name == "map"
            request["Tags"] = tags if is_map else [{"Key": key, "Value": value} for key, value in tags.items()]
        return self._coerced(action, request)

    def _coerced(self, action: str, request: Mapping[str, Any]) -> dict[str, Any]:
        coerced: dict[str, Any] = coerce(request, self._shape(action), self.kind.name)
        return coerced

    def _shape(self, action: str) -> Any:
        client = self._client(self.kind.service)
        return client.meta.service_model.operation_model(client.meta.method_to_api_mapping[action]).input_shape

    def _call(self, action: str, request: dict[str, Any]) -> dict[str, Any]:
        deadline = time.monotonic() + self._unreachable_seconds
        while True:
            try:
                return dict(getattr(self._client(self.kind.service), action)(**request))
            except (EndpointConnectionError, ClientError) as error:
                down = not isinstance(error, ClientError) or _code(error) == "ServiceUnavailable"
                if not down or time.monotonic() >= deadline:
                    raise
            except BotoCoreError as error:
                raise ResourceFailed(f"{self.kind.name}: {error}") from error
            time.sleep(self._poll_seconds)


def is_not_found(error: ClientError) -> bool:
    """Services don't agree on one code: SageMaker itself says `ValidationException: Could not find …` for endpoints."""
    return NOT_FOUND.search(f"{_code(error)} {error.response['Error'].get('Message', '')}") is not None


def _code(error: ClientError) -> str:
    return str(error.response["Error"].get("Code", ""))


def _tags(properties: Properties) -> dict[str, str]:
    """Without those that CloudFormation adds: a service takes them from nobody else."""
    tags = {str(tag["Key"]): str(tag.get("Value", "")) for tag in properties.get("Tags") or []}
    return {key: value for key, value in tags.items() if not key.startswith("aws:")}
