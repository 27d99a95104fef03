package dev.sallyport.plugins.console;

/** How finely, and how far back, figures are kept. */
enum Level {
    SECONDS(1, 300),
    TENS(10, 720),
    MINUTES(60, 2880),
    HOURS(3600, 1440);

    /** Seconds that one point stands for. */
    final int step;

    /** How many points there are. */
    final int points;

    Level(int step, int points) {
        this.step = step;
        this.points = points;
    }

    /** The finest that goes back to a time and needs no more than so many points from there on; else the coarsest. */
    static Level of(long fromSecond, long nowSecond, long mostPoints) {
        for (Level level : values()) {
            long points = (nowSecond - fromSecond) / level.step;
            if (points <= level.points && points <= Math.max(mostPoints, SECONDS.points)) {
                return level;
            }
        }
        return HOURS;
    }

    /** The point in which a second falls. */
    long slot(long second) {
        return Math.floorDiv(second, step);
    }
}
