from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from ... import errors
from ...models.error_envelope import ErrorEnvelope
from ...models.images_page import ImagesPage
from ...types import UNSET, Response, Unset

if TYPE_CHECKING:
    import httpx

    from ...client import AuthenticatedClient, Client


def _get_kwargs(
    *,
    sort: list[str] | Unset = UNSET,
    type_: list[str] | Unset = UNSET,
    status: list[str] | Unset = UNSET,
    bound_to: list[str] | Unset = UNSET,
    include_deprecated: bool | Unset = UNSET,
    name: str | Unset = UNSET,
    label_selector: str | Unset = UNSET,
    architecture: list[str] | Unset = UNSET,
    page: int | Unset = UNSET,
    per_page: int | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_sort: list[str] | Unset = UNSET
    if not isinstance(sort, Unset):
        json_sort = sort

    params["sort"] = json_sort

    json_type_: list[str] | Unset = UNSET
    if not isinstance(type_, Unset):
        json_type_ = type_

    params["type"] = json_type_

    json_status: list[str] | Unset = UNSET
    if not isinstance(status, Unset):
        json_status = status

    params["status"] = json_status

    json_bound_to: list[str] | Unset = UNSET
    if not isinstance(bound_to, Unset):
        json_bound_to = bound_to

    params["bound_to"] = json_bound_to

    params["include_deprecated"] = include_deprecated

    params["name"] = name

    params["label_selector"] = label_selector

    json_architecture: list[str] | Unset = UNSET
    if not isinstance(architecture, Unset):
        json_architecture = architecture

    params["architecture"] = json_architecture

    params["page"] = page

    params["per_page"] = per_page

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/images",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorEnvelope | ImagesPage | None:
    if response.status_code == 200:
        response_200 = ImagesPage.from_dict(response.json())

        return response_200

    if 400 <= response.status_code <= 499:
        response_4xx = ErrorEnvelope.from_dict(response.json())

        return response_4xx

    if 500 <= response.status_code <= 599:
        response_5xx = ErrorEnvelope.from_dict(response.json())

        return response_5xx

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ErrorEnvelope | ImagesPage]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    sort: list[str] | Unset = UNSET,
    type_: list[str] | Unset = UNSET,
    status: list[str] | Unset = UNSET,
    bound_to: list[str] | Unset = UNSET,
    include_deprecated: bool | Unset = UNSET,
    name: str | Unset = UNSET,
    label_selector: str | Unset = UNSET,
    architecture: list[str] | Unset = UNSET,
    page: int | Unset = UNSET,
    per_page: int | Unset = UNSET,
) -> Response[ErrorEnvelope | ImagesPage]:
    """List images, one page at a time

    Args:
        sort (list[str] | Unset):
        type_ (list[str] | Unset):
        status (list[str] | Unset):
        bound_to (list[str] | Unset):
        include_deprecated (bool | Unset):
        name (str | Unset):
        label_selector (str | Unset):
        architecture (list[str] | Unset):
        page (int | Unset):
        per_page (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorEnvelope | ImagesPage]
    """

    kwargs = _get_kwargs(
        sort=sort,
        type_=type_,
        status=status,
        bound_to=bound_to,
        include_deprecated=include_deprecated,
        name=name,
        label_selector=label_selector,
        architecture=architecture,
        page=page,
        per_page=per_page,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    sort: list[str] | Unset = UNSET,
    type_: list[str] | Unset = UNSET,
    status: list[str] | Unset = UNSET,
    bound_to: list[str] | Unset = UNSET,
    include_deprecated: bool | Unset = UNSET,
    name: str | Unset = UNSET,
    label_selector: str | Unset = UNSET,
    architecture: list[str] | Unset = UNSET,
    page: int | Unset = UNSET,
    per_page: int | Unset = UNSET,
) -> ErrorEnvelope | ImagesPage | None:
    """List images, one page at a time

    Args:
        sort (list[str] | Unset):
        type_ (list[str] | Unset):
        status (list[str] | Unset):
        bound_to (list[str] | Unset):
        include_deprecated (bool | Unset):
        name (str | Unset):
        label_selector (str | Unset):
        architecture (list[str] | Unset):
        page (int | Unset):
        per_page (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorEnvelope | ImagesPage
    """

    return sync_detailed(
        client=client,
        sort=sort,
        type_=type_,
        status=status,
        bound_to=bound_to,
        include_deprecated=include_deprecated,
        name=name,
        label_selector=label_selector,
        architecture=architecture,
        page=page,
        per_page=per_page,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    sort: list[str] | Unset = UNSET,
    type_: list[str] | Unset = UNSET,
    status: list[str] | Unset = UNSET,
    bound_to: list[str] | Unset = UNSET,
    include_deprecated: bool | Unset = UNSET,
    name: str | Unset = UNSET,
    label_selector: str | Unset = UNSET,
    architecture: list[str] | Unset = UNSET,
    page: int | Unset = UNSET,
    per_page: int | Unset = UNSET,
) -> Response[ErrorEnvelope | ImagesPage]:
    """List images, one page at a time

    Args:
        sort (list[str] | Unset):
        type_ (list[str] | Unset):
        status (list[str] | Unset):
        bound_to (list[str] | Unset):
        include_deprecated (bool | Unset):
        name (str | Unset):
        label_selector (str | Unset):
        architecture (list[str] | Unset):
        page (int | Unset):
        per_page (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorEnvelope | ImagesPage]
    """

    kwargs = _get_kwargs(
        sort=sort,
        type_=type_,
        status=status,
        bound_to=bound_to,
        include_deprecated=include_deprecated,
        name=name,
        label_selector=label_selector,
        architecture=architecture,
        page=page,
        per_page=per_page,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    sort: list[str] | Unset = UNSET,
    type_: list[str] | Unset = UNSET,
    status: list[str] | Unset = UNSET,
    bound_to: list[str] | Unset = UNSET,
    include_deprecated: bool | Unset = UNSET,
    name: str | Unset = UNSET,
    label_selector: str | Unset = UNSET,
    architecture: list[str] | Unset = UNSET,
    page: int | Unset = UNSET,
    per_page: int | Unset = UNSET,
) -> ErrorEnvelope | ImagesPage | None:
    """List images, one page at a time

    Args:
        sort (list[str] | Unset):
        type_ (list[str] | Unset):
        status (list[str] | Unset):
        bound_to (list[str] | Unset):
        include_deprecated (bool | Unset):
        name (str | Unset):
        label_selector (str | Unset):
        architecture (list[str] | Unset):
        page (int | Unset):
        per_page (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorEnvelope | ImagesPage
    """

    return (
        await asyncio_detailed(
            client=client,
            sort=sort,
            type_=type_,
            status=status,
            bound_to=bound_to,
            include_deprecated=include_deprecated,
            name=name,
            label_selector=label_selector,
            architecture=architecture,
            page=page,
            per_page=per_page,
        )
    ).parsed
