"""Our own server: Starlette and nothing else, on uvicorn."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from common.model_service import ModelService
from common.servers.asgi import observed, to_response, view_of


def asgi_app(service: ModelService) -> ASGIApp:
    """Answers for a model that is loaded, so /ping is 200 from the first request on."""

    async def not_found(_: Request, __: Exception) -> Response:
        return to_response(service.not_found())

    async def not_allowed(request: Request, _: Exception) -> Response:
        return to_response(service.not_allowed(request.url.path))

    async def failed(_: Request, fault: Exception) -> Response:
        # Starlette raises it again for the server's log, with its traceback.
        return to_response(service.failed(fault))

    routes = [Route(each.path, view_of(service, each), methods=[each.method]) for each in service.endpoints]
    handlers = {404: not_found, 405: not_allowed, Exception: failed}
    app = Starlette(routes=routes, exception_handlers=handlers)
    app.router.redirect_slashes = False
    return observed(app, service)
