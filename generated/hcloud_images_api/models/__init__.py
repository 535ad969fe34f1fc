"""Contains all the data models used in inputs/outputs"""

from .action import Action
from .action_envelope import ActionEnvelope
from .action_error_type_0 import ActionErrorType0
from .action_resources_item import ActionResourcesItem
from .actions_page import ActionsPage
from .change_protection_body import ChangeProtectionBody
from .create_image_body import CreateImageBody
from .created_image import CreatedImage
from .error_envelope import ErrorEnvelope
from .error_envelope_error import ErrorEnvelopeError
from .error_envelope_error_details_type_0 import ErrorEnvelopeErrorDetailsType0
from .image import Image
from .image_created_from_type_0 import ImageCreatedFromType0
from .image_deprecation_type_0 import ImageDeprecationType0
from .image_envelope import ImageEnvelope
from .image_protection import ImageProtection
from .images_page import ImagesPage
from .labels import Labels
from .meta import Meta
from .meta_pagination_type_0 import MetaPaginationType0
from .server import Server
from .server_envelope import ServerEnvelope
from .update_image_body import UpdateImageBody

__all__ = (
    "Action",
    "ActionEnvelope",
    "ActionErrorType0",
    "ActionResourcesItem",
    "ActionsPage",
    "ChangeProtectionBody",
    "CreatedImage",
    "CreateImageBody",
    "ErrorEnvelope",
    "ErrorEnvelopeError",
    "ErrorEnvelopeErrorDetailsType0",
    "Image",
    "ImageCreatedFromType0",
    "ImageDeprecationType0",
    "ImageEnvelope",
    "ImageProtection",
    "ImagesPage",
    "Labels",
    "Meta",
    "MetaPaginationType0",
    "Server",
    "ServerEnvelope",
    "UpdateImageBody",
)
