"""FastAPI, on uvicorn."""

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.types import ASGIApp

from common.model_service import Endpoint, ModelService
from common.servers.asgi import observed, to_response, view_of


def asgi_app(service: ModelService) -> ASGIApp:
    """Answers for a model that is loaded, so /ping is 200 from the first request on."""
    # Its pages load scripts of others, and its schema would not know the columns.
    app = FastAPI(openapi_url=None, redirect_slashes=False)
    for endpoint in service.endpoints:
        app.add_api_route(endpoint.path, view_of(service, endpoint), methods=methods_of(endpoint), response_model=None)

    @app.exception_handler(404)
    async def not_found(_: Request, __: Exception) -> Response:
        return to_response(service.not_found())

    @app.exception_handler(405)
    async def not_allowed(request: Request, _: Exception) -> Response:
        return to_response(service.not_allowed(request.url.path))

    @app.exception_handler(Exception)
    async def failed(_: Request, fault: Exception) -> Response:
        return to_response(service.failed(fault))

    return observed(app, service)


def methods_of(endpoint: Endpoint) -> list[str]:
    """HEAD where GET is: FastAPI doesn't add it."""
    return ["GET", "HEAD"] if endpoint.method == "GET" else [endpoint.method]
