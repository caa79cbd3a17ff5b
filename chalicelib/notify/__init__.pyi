from .actions import erase_of as erase_of
from .routes import export_of as export_of
