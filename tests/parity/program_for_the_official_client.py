"""A program for the official client that uses each method of images; see test_changed_import.py."""

import os
import warnings

from hcloud import APIException, Client
from hcloud.actions import ActionException
from hcloud.images import BoundImage, Image
from hcloud.servers import Server

client = Client(
    token=os.environ["HCLOUD_TOKEN"],
    api_endpoint=os.environ["HCLOUD_ENDPOINT"],
    application_name="rotation",
    application_version="1.2",
    api_endpoint_hetzner="https://api.hetzner.com/v1",
    poll_interval=0,
)
images = client.images


def show(title: str, found: list[BoundImage]) -> None:
    print(title, [(image.id, image.name or image.description, image.type, image.architecture) for image in found])


page = images.get_list(type=["snapshot"], sort=["created:desc"], page=1, per_page=2)
show("newest", page.images)
print("pages", page.meta.pagination.total_entries, page.meta.pagination.next_page)
show("web", images.get_all(label_selector="role=web", bound_to=None))
show("backups", images.get_all(type=["backup"], bound_to=["42", "43"], sort=["id"]))
debian = images.get_by_name_and_architecture("debian-12", "arm")
print("debian", debian.id if debian else None, images.get_by_name_and_architecture("none", "x86"))

warnings.simplefilter("ignore", DeprecationWarning)
print("any debian", images.get_by_name("debian-12").os_flavor)

golden = images.get_by_id(2003)
print(golden.created.isoformat(), golden.image_size, golden.protection, golden.created_from.id, golden.labels)
print(golden.id_or_name, golden.has_id_or_name("2003"), golden == images.get_by_id(2003))
try:
    images.delete(golden)
except APIException as error:
    print("refused:", error.code)
golden.change_protection(delete=False).wait_until_finished()
images.change_protection(Image(id=2003), delete=True).wait_until_finished()
print([action.command for action in golden.get_actions(sort=["id"])])
print([action.status for action in images.get_actions(golden, status=["success"])])
print(len(golden.get_actions_list(per_page=1).actions), images.get_actions_list(golden, page=1).meta.pagination.page)

created = client.servers.create_image(Server(id=42), description="nightly", type="snapshot", labels={"by": "rotation"})
try:
    created.action.wait_until_finished(max_retries=100)
except ActionException as error:
    print("failed:", error.action.id)
created.image.reload()
print(created.image.status, created.image.data_model.description, created.action.progress)
print(images.actions.get_by_id(created.action.id).command, len(images.actions.get_all(status=["success"])) > 1)
print(len(images.actions.get_list(page=1, per_page=1).actions), client.actions.get_by_id(created.action.id).status)
labelled = created.image.update(description="kept", labels={"by": "rotation", "keep": "yes"})
print(labelled.description, labelled.labels, images.update(labelled, description="again").description)
print(images.update(images.get_all(type=["backup"])[0], type="snapshot").type)
print(labelled.delete(), images.delete(Image(id=2001)))
