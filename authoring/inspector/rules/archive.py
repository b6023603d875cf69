"""Rules about the zip itself and the names in it."""

from authoring.inspector.rules.rule import EVERY, WARNING, Rule

UNPACKERS = "every LMS that unpacks with care"

ZIP = {
    "not-a-zip": Rule(
        "A package is a zip that can be read to its end, or a cmi5.xml or tincan.xml by itself.",
        "Export it again, and upload it as it was saved: broken downloads and renamed RAR files look like this.",
        EVERY,
        "course.zip that ends half-way",
        "course.zip as the authoring tool wrote it",
    ),
    "zip-damaged": Rule(
        "Every file in the zip can be unpacked, and is what its checksum says.",
        "Export the package again.",
        EVERY,
        "index.html whose bytes were changed in the zip",
        "index.html as the authoring tool wrote it",
    ),
    "zip-encrypted": Rule(
        "No file in the zip is encrypted.",
        "Zip it again without a password.",
        EVERY,
        "zip -e course.zip index.html",
        "zip course.zip index.html",
    ),
    "zip-method": Rule(
        "Files are stored or deflated.",
        "Zip it again with the ordinary method (deflate).",
        EVERY,
        "zip -Z bzip2 course.zip index.html",
        "zip course.zip index.html",
    ),
    "zip-slip": Rule(
        "No name in the zip leads out of the folder it is unpacked to.",
        "Name files by a plain path with forward slashes, below the root of the zip.",
        UNPACKERS,
        "../index.html",
        "index.html",
    ),
    "zip-link": Rule(
        "The zip holds files and folders, not links to others.",
        "Put the file itself into the zip.",
        UNPACKERS,
        "index.html -> /etc/passwd",
        "index.html",
    ),
    "zip-overlap": Rule(
        "No two files of the zip share their bytes.",
        "Export the package again; a zip like this is made to fill a disk.",
        UNPACKERS,
        "two entries that begin at the same byte",
        "each entry after the one before",
    ),
    "zip-bomb": Rule(
        "A file does not unpack to more than 200 times its size in the zip, once it is larger than 1 MB.",
        "Take the file out, or save it in a format of its own that is compact.",
        UNPACKERS,
        "100 MB of zeros in 100 kB",
        "pages and media",
    ),
    "zip-size": Rule(
        "A package has at most 20,000 files and unpacks to at most 1 GB.",
        "Split the course, or put its videos onto a media server.",
        "Moodle, whose upload limit is far lower; it was looked at no further",
        "20,001 files",
        "20,000 files",
    ),
    "zip-duplicate": Rule(
        "A name stands once in the zip.",
        "Keep one of the files.",
        "every LMS: each keeps another of the two",
        "index.html, index.html",
        "index.html, page.html",
    ),
    "zip-nested": Rule(
        "The zip holds no other zip.",
        "Where the inner zip is the package, upload that; where it is for downloading, offer it elsewhere.",
        "LMSs that scan uploads",
        "course.zip holds downloads.zip",
        "course.zip holds handout.pdf",
        WARNING,
    ),
}

NAMES = {
    "name-clash": Rule(
        "No two names differ only in capitals.",
        "Rename one of them.",
        "LMSs on Windows, where one overwrites the other",
        "index.html, Index.html",
        "index.html, page.html",
        WARNING,
    ),
    "name-space": Rule(
        "No name holds a space.",
        "Write a hyphen for the space, in the file’s name and wherever it is named.",
        "LMSs that do not decode %20, and those behind a content network",
        "my page.html",
        "my-page.html",
        WARNING,
    ),
    "name-accent": Rule(
        "Names are ASCII.",
        "Write the name without accents, in the file’s name and wherever it is named.",
        "LMSs on Windows or with an old PHP, where ŵ becomes other letters",
        "tŷ.html",
        "ty.html",
        WARNING,
    ),
    "name-sign": Rule(
        'No name holds one of ~ # % & + ? * : " < > | ; or ends with a dot.',
        "Rename the file, and whatever names it.",
        "Moodle, Blackboard and LMSs on Windows",
        "page#1.html",
        "page-1.html",
        WARNING,
    ),
    "name-long": Rule(
        "A path is at most 180 characters long.",
        "Shorten the names of the folders.",
        "LMSs on Windows, which have 260 characters for the path with their own folders before it",
        "a/very/long/…/path.html",
        "path.html",
        WARNING,
    ),
    "name-junk": Rule(
        "The zip holds nothing that an operating system or editor left behind.",
        "Delete it before zipping, or zip with the authoring tool.",
        "LMSs that refuse hidden files",
        "__MACOSX/._index.html",
        "index.html",
        WARNING,
    ),
    "name-program": Rule(
        "The zip holds no program for a server or a desktop.",
        "Take it out: it cannot run inside an LMS.",
        "LMSs that scan uploads and refuse the whole package",
        "result.php",
        "result.js",
        WARNING,
    ),
}
