"""The columns of the prepared data."""

from common.columns import category, number, optional_category, optional_number

MINUTES_OF_A_DAY = 24 * 60

SCHEDULE = [
    category("carrier"),
    category("origin"),
    category("dest"),
    # Minutes after midnight, local time of the airport.
    number("departure_minute", 0, MINUTES_OF_A_DAY - 1),
    number("arrival_minute", 0, MINUTES_OF_A_DAY - 1),
    # Monday is 0.
    number("weekday", 0, 6),
    # Miles.
    number("distance", 0, 12_500),
    # Flights that the airport's schedule holds for that hour.
    number("departures_in_hour", 1, 500),
]

PLANE = [
    optional_category("manufacturer"),
    # Years.
    optional_number("plane_age"),
    optional_number("seats"),
]

# At the origin, an hour before the scheduled one; units as in the source: Fahrenheit, percent, degrees, miles an
# hour, inches, millibars, miles.
WEATHER_NAMES = ["temp", "dewp", "humid", "wind_dir", "wind_speed", "wind_gust", "precip", "pressure", "visib"]
WEATHER = [optional_number(name) for name in WEATHER_NAMES]

FEATURES = [*SCHEDULE, *PLANE, *WEATHER]
FEATURE_NAMES = [column.name for column in FEATURES]
WORDS = [column.name for column in FEATURES if column.kind == "category"]
NUMBERS = [column.name for column in FEATURES if column.kind == "number"]

# 1 if the flight arrived later than the preparation's option says, else 0.
TARGET = "late"
# Local day of the scheduled departure. No feature: the model has to hold for days to come.
DATE = "date"

PREPARED = [DATE, *FEATURE_NAMES, TARGET]
SPLITS = ("train", "validation", "test")
