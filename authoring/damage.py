"""What Python's zipfile raises for an archive that is damaged, encrypted, or packed in a way that it does not know."""

import lzma
import struct
import zipfile
import zlib

# Its documentation names BadZipFile, NotImplementedError and RuntimeError. The others come through from the unpackers
# (bzip2's has but OSError), from the fields and names of a header, and from seeking where a damaged one points.
DAMAGE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, NotImplementedError, RuntimeError, EOFError, OSError,
    ValueError, OverflowError,
)  # fmt: skip
