"""Rules about what the pages, styles and scripts of a package do."""

from authoring.inspector.rules.rule import WARNING, Rule

CONTENT = {
    "secret": Rule(
        "No file holds a key, a password or a token.",
        "Take it out and make it void: everybody who can take the course can read it.",
        "whoever runs the record store or service that it opens",
        '"auth": "Basic dXNlcjpwYXNzd29yZA=="',
        '"auth": ""',
    ),
    "outside-insecure": Rule(
        "Nothing is loaded over plain http.",
        "Put the file into the package.",
        "every LMS served by https: browsers block it, and anybody on the way could change it",
        '<script src="http://cdn.example/player.js"></script>',
        '<script src="script.js"></script>',
        WARNING,
    ),
    "outside-address": Rule(
        "Nothing is loaded from another site: no CDN, no web fonts.",
        "Put the file into the package.",
        "LMSs with a content policy, councils that block other sites, learners without a network",
        '<link rel="stylesheet" href="https://fonts.example/css?family=Tea">',
        '<link rel="stylesheet" href="style.css">',
        WARNING,
    ),
    "unload-handler": Rule(
        "Nothing waits for unload or beforeunload.",
        "Listen to pagehide to finish, and to visibilitychange to save.",
        "Moodle and others that show content in a frame, and Chrome: the last score is lost",
        'addEventListener("unload", finish)',
        'addEventListener("pagehide", finish)',
        WARNING,
    ),
    "link-missing": Rule(
        "Pages name files that are in the zip.",
        "Add the file, or mend the link.",
        "learners, who meet a broken page",
        '<script src="scirpt.js"></script>',
        '<script src="script.js"></script>',
        WARNING,
    ),
    "text-unread": Rule(
        "Pages, styles and scripts are at most 8 MB each and 32 MB together.",
        "Nothing is wrong with it that is known: it was too long to be looked into.",
        "learners on a slow line",
        "script.js of 9 MB",
        "script.js of 50 kB",
        WARNING,
    ),
}
