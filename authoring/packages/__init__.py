"""Pages in, packages out: one module for each standard that an LMS may ask for."""

from authoring.packages.base import Package
from authoring.packages.scorm12 import Scorm12
from authoring.packages.web import Web

PACKAGES: dict[str, type[Package]] = {package.name: package for package in (Scorm12, Web)}
