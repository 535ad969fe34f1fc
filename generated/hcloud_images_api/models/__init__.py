"""Contains all the data models used in inputs/outputs"""

from .action import Action
from .action_envelope import ActionEnvelope
from .action_error import ActionError
from .action_resource import ActionResource
from .actions_page import ActionsPage
from .change_protection_body import ChangeProtectionBody
from .create_image_body import CreateImageBody
from .created_image import CreatedImage
from .deprecation_info import DeprecationInfo
from .error import Error
from .error_envelope import ErrorEnvelope
from .image import Image
from .image_created_from_type_0 import ImageCreatedFromType0
from .image_envelope import ImageEnvelope
from .image_protection import ImageProtection
from .images_page import ImagesPage
from .labels import Labels
from .location import Location
from .meta import Meta
from .pagination import Pagination
from .server import Server
from .server_envelope import ServerEnvelope
from .server_protection import ServerProtection
from .server_type import ServerType
from .servers_page import ServersPage
from .update_image_body import UpdateImageBody

__all__ = (
    "Action",
    "ActionEnvelope",
    "ActionError",
    "ActionResource",
    "ActionsPage",
    "ChangeProtectionBody",
    "CreatedImage",
    "CreateImageBody",
    "DeprecationInfo",
    "Error",
    "ErrorEnvelope",
    "Image",
    "ImageCreatedFromType0",
    "ImageEnvelope",
    "ImageProtection",
    "ImagesPage",
    "Labels",
    "Location",
    "Meta",
    "Pagination",
    "Server",
    "ServerEnvelope",
    "ServerProtection",
    "ServersPage",
    "ServerType",
    "UpdateImageBody",
)
