"""What is wrong with a learning package, ours or anybody's: SCORM 1.2 and 2004, cmi5 and tincan.

``archive`` opens the zip without trust, ``markup`` its manifest, ``structure`` holds it to the shapes of its standard.
``scorm``, ``sequencing``, ``cmi5`` and ``tincan`` ask what no schema asks; ``paths`` and ``content`` look at the files.
``inspect`` calls them in order. Nothing is unpacked to the disk, nothing is fetched, and every step has its limit.
"""
