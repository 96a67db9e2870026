"""The functions, a folder a context. Whichever is imported, this comes first."""

from shared import garbage

garbage.importing()
