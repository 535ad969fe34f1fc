from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from ... import errors
from ...models.actions_page import ActionsPage
from ...models.error_envelope import ErrorEnvelope
from ...types import UNSET, Response, Unset

if TYPE_CHECKING:
    import httpx

    from ...client import AuthenticatedClient, Client


def _get_kwargs(
    *,
    id: list[int] | Unset = UNSET,
    sort: list[str] | Unset = UNSET,
    status: list[str] | Unset = UNSET,
    page: int | Unset = UNSET,
    per_page: int | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_id: list[int] | Unset = UNSET
    if not isinstance(id, Unset):
        json_id = id

    params["id"] = json_id

    json_sort: list[str] | Unset = UNSET
    if not isinstance(sort, Unset):
        json_sort = sort

    params["sort"] = json_sort

    json_status: list[str] | Unset = UNSET
    if not isinstance(status, Unset):
        json_status = status

    params["status"] = json_status

    params["page"] = page

    params["per_page"] = per_page

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/actions",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ActionsPage | ErrorEnvelope | None:
    if response.status_code == 200:
        response_200 = ActionsPage.from_dict(response.json())

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
) -> Response[ActionsPage | ErrorEnvelope]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    id: list[int] | Unset = UNSET,
    sort: list[str] | Unset = UNSET,
    status: list[str] | Unset = UNSET,
    page: int | Unset = UNSET,
    per_page: int | Unset = UNSET,
) -> Response[ActionsPage | ErrorEnvelope]:
    """Get several actions at once, by id

     Without ids, it lists the actions of all resources. This is deprecated, and the API refuses it since
    January 2025.

    Args:
        id (list[int] | Unset):
        sort (list[str] | Unset):
        status (list[str] | Unset):
        page (int | Unset):
        per_page (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ActionsPage | ErrorEnvelope]
    """

    kwargs = _get_kwargs(
        id=id,
        sort=sort,
        status=status,
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
    id: list[int] | Unset = UNSET,
    sort: list[str] | Unset = UNSET,
    status: list[str] | Unset = UNSET,
    page: int | Unset = UNSET,
    per_page: int | Unset = UNSET,
) -> ActionsPage | ErrorEnvelope | None:
    """Get several actions at once, by id

     Without ids, it lists the actions of all resources. This is deprecated, and the API refuses it since
    January 2025.

    Args:
        id (list[int] | Unset):
        sort (list[str] | Unset):
        status (list[str] | Unset):
        page (int | Unset):
        per_page (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ActionsPage | ErrorEnvelope
    """

    return sync_detailed(
        client=client,
        id=id,
        sort=sort,
        status=status,
        page=page,
        per_page=per_page,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    id: list[int] | Unset = UNSET,
    sort: list[str] | Unset = UNSET,
    status: list[str] | Unset = UNSET,
    page: int | Unset = UNSET,
    per_page: int | Unset = UNSET,
) -> Response[ActionsPage | ErrorEnvelope]:
    """Get several actions at once, by id

     Without ids, it lists the actions of all resources. This is deprecated, and the API refuses it since
    January 2025.

    Args:
        id (list[int] | Unset):
        sort (list[str] | Unset):
        status (list[str] | Unset):
        page (int | Unset):
        per_page (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ActionsPage | ErrorEnvelope]
    """

    kwargs = _get_kwargs(
        id=id,
        sort=sort,
        status=status,
        page=page,
        per_page=per_page,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    id: list[int] | Unset = UNSET,
    sort: list[str] | Unset = UNSET,
    status: list[str] | Unset = UNSET,
    page: int | Unset = UNSET,
    per_page: int | Unset = UNSET,
) -> ActionsPage | ErrorEnvelope | None:
    """Get several actions at once, by id

     Without ids, it lists the actions of all resources. This is deprecated, and the API refuses it since
    January 2025.

    Args:
        id (list[int] | Unset):
        sort (list[str] | Unset):
        status (list[str] | Unset):
        page (int | Unset):
        per_page (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ActionsPage | ErrorEnvelope
    """

    return (
        await asyncio_detailed(
            client=client,
            id=id,
            sort=sort,
            status=status,
            page=page,
            per_page=per_page,
        )
    ).parsed
