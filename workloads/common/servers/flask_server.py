"""Flask, on gunicorn."""

from collections.abc import Callable

from flask import Flask, Response, request

from common.model_service import Endpoint, ModelService
from common.reply import Reply
from common.servers.wsgi import answer, observed


def wsgi_app(service: ModelService):  # type: ignore[no-untyped-def] # noqa: ANN201 - WSGI's types exist for checkers only
    """Answers for a model that is loaded, so /ping is 200 from the first request on."""
    app = Flask(__name__, static_folder=None)
    for endpoint in service.endpoints:
        app.add_url_rule(
            endpoint.path,
            endpoint=endpoint.path,
            view_func=_view(service, endpoint),
            methods=[endpoint.method],
            provide_automatic_options=False,
        )
    app.register_error_handler(404, lambda _: _to_response(service.not_found()))
    app.register_error_handler(405, lambda _: _to_response(service.not_allowed(request.path)))
    app.register_error_handler(500, lambda fault: _to_response(service.failed(fault.original_exception or fault)))
    return observed(app, service)


def _view(service: ModelService, endpoint: Endpoint) -> Callable[[], Response]:
    return lambda: _to_response(answer(service, endpoint, request.environ))


def _to_response(reply: Reply) -> Response:
    return Response(reply.body, reply.status, {"Content-Type": reply.media_type, **reply.headers})
