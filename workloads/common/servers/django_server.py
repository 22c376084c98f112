"""Django REST framework, on gunicorn."""

import secrets
from types import ModuleType
from typing import Any, ClassVar

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.urls import path

from common.model_service import Endpoint, ModelService
from common.reply import Reply
from common.servers.wsgi import answer, observed


def wsgi_app(service: ModelService):  # type: ignore[no-untyped-def] # noqa: ANN201 - WSGI's types exist for checkers only
    """Answers for a model that is loaded, so /ping is 200 from the first request on."""
    urls = ModuleType("urls")
    settings.configure(
        # A balancer sends whatever name it knows the server by, and no page here depends on it.
        ALLOWED_HOSTS=["*"],
        APPEND_SLASH=False,
        # Nothing is signed: there are no sessions.
        SECRET_KEY=secrets.token_hex(),
        ROOT_URLCONF=urls,
        LOGGING_CONFIG=None,
        REST_FRAMEWORK={
            "DEFAULT_AUTHENTICATION_CLASSES": [],
            "DEFAULT_PERMISSION_CLASSES": [],
            "DEFAULT_CONTENT_NEGOTIATION_CLASS": "common.servers.django_negotiation.Unnegotiated",
            "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
            "UNAUTHENTICATED_USER": None,
        },
    )
    django.setup(set_prefix=False)
    urls.__dict__.update(
        urlpatterns=[path(each.path.removeprefix("/"), _view(service, each)) for each in service.endpoints],
        handler404=lambda *_, **__: _to_response(service.not_found()),
        handler500=lambda *_, **__: _to_response(service.failed(RuntimeError())),
    )
    return observed(WSGIHandler(), service)


def _view(service: ModelService, endpoint: Endpoint) -> Any:  # noqa: ANN401 - the framework has no types
    # It reads the settings when it is imported.
    from rest_framework.views import APIView

    class View(APIView):
        # The framework would say which methods it allows with every answer.
        default_response_headers: ClassVar[dict[str, str]] = {}
        http_method_names = ("get", "head") if endpoint.method == "GET" else ("post",)

        def get(self, request: Any) -> HttpResponse:  # noqa: ANN401
            return _to_response(answer(service, endpoint, request.META))

        post = head = get

        def http_method_not_allowed(self, request: Any, *_: object, **__: object) -> HttpResponse:  # noqa: ANN401
            return _to_response(service.not_allowed(request.path))

    return View.as_view()


def _to_response(reply: Reply) -> HttpResponse:
    response = HttpResponse(reply.body, reply.media_type, reply.status, headers=dict(reply.headers))
    response["Content-Length"] = str(len(reply.body))
    return response
