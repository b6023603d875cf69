"""The regions of Wales, as the corporate joint committees have them, and the services of a council."""

REGIONS: dict[str, frozenset[str]] = {
    "north": frozenset({"W06000001", "W06000002", "W06000003", "W06000004", "W06000005", "W06000006"}),
    "mid": frozenset({"W06000008", "W06000023"}),
    "south-west": frozenset({"W06000009", "W06000010", "W06000011", "W06000012"}),
    "south-east": frozenset(
        {
            "W06000013", "W06000014", "W06000015", "W06000016", "W06000018",
            "W06000019", "W06000020", "W06000021", "W06000022", "W06000024",
        }
    ),
}  # fmt: skip
SERVICES = ("education", "children", "both")
ELSEWHERE = "elsewhere"  # a region or a service that nobody has said


def region_of(authority: str) -> str:
    """The region that an authority (its GSS code) lies in."""
    return next((region for region, codes in REGIONS.items() if authority in codes), ELSEWHERE)


def service_of(service: str | None) -> str:
    """The service that somebody works in."""
    return service if service in SERVICES else ELSEWHERE
