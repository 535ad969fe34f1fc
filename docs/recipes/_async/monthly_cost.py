"""What the snapshots cost."""

from __future__ import annotations

from decimal import Decimal

from hcloud_images import AsyncClient


async def monthly_cost(client: AsyncClient, price: Decimal, label_selector: str | None = None) -> Decimal:
    """Estimate what snapshots cost each month, by their size; backups are billed in another way.

    :param price: For one GB and month; look it up, prices change.
    :param label_selector: Which snapshots; all unless given.
    :returns: In the currency of the price. A snapshot that is being created has no size yet, and counts nothing.
    """
    sizes = [
        Decimal(str(snapshot.image_size or 0))
        async for snapshot in client.images.iter_all(type="snapshot", label_selector=label_selector)
    ]
    return price * sum(sizes)
