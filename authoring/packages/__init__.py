"""Pages in, packages out: one module for each standard that an LMS may ask for."""

from authoring.packages.base import Package
from authoring.packages.cmi5 import Cmi5
from authoring.packages.scorm12 import Scorm12
from authoring.packages.scorm2004 import Scorm2004Fourth, Scorm2004Third
from authoring.packages.web import Web
from authoring.packages.xapi import Xapi

FORMATS: tuple[type[Package], ...] = (Scorm12, Scorm2004Third, Scorm2004Fourth, Cmi5, Xapi, Web)
PACKAGES: dict[str, type[Package]] = {package.name: package for package in FORMATS}
