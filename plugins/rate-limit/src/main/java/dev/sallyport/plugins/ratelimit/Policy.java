package dev.sallyport.plugins.ratelimit;

import dev.sallyport.api.Limit;
import dev.sallyport.api.Store.Take;
import dev.sallyport.api.config.Percent;
import dev.sallyport.api.config.Rate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;

/** One limit: how it counts, and how it is told. Immutable. */
sealed interface Policy {

    /** Its name in the fields. */
    String name();

    /** How much it has to give, as it is told. */
    long quota();

    /** How it counts at that time. */
    Limit at(Instant now);

    /** The same with a part of what it has to give, for one gateway of several. */
    Policy part(Percent share);

    /** The window in which the quota is given, in whole seconds; 0 where that cannot be told. */
    long windowSeconds();

    /** How long until there is more, where some was taken; 0 where that is not known. */
    default long moreAfterNanos(Take take) {
        return 0;
    }

    /** For people: {@code 100/s}. */
    String told();

    private static long part(long amount, Percent share) {
        return Math.max(1, (long) (amount * share.value() / 100));
    }

    /**
     * By a token bucket.
     *
     * @param queue how many more may wait for their turn
     */
    record Bucket(String name, Rate rate, long burst, long queue) implements Policy {

        private static final double NANOS = 1e9;
        private static final int MILLE = 1_000;

        @Override
        public long quota() {
            return burst;
        }

        @Override
        public Limit at(Instant now) {
            return new Limit.Bucket(rate, burst + queue);
        }

        @Override
        public Bucket part(Percent share) {
            // By the time, so that a part of one a second is no whole one.
            Rate slower = new Rate(
                    rate.amount(),
                    rate.per().multipliedBy(MILLE).dividedBy(Math.max(1, Math.round(share.value() * MILLE / 100))));
            return new Bucket(name, slower, Policy.part(burst, share), queue == 0 ? 0 : Policy.part(queue, share));
        }

        /** The bucket's size in the time that it takes to fill: the same rate as the limit, whatever the burst is. */
        @Override
        public long windowSeconds() {
            long window = Math.round(burst * nanosPerToken());
            // Whole seconds only are told; a shorter window cannot be.
            return window < NANOS ? 0 : Fields.seconds(window);
        }

        /** "The number of seconds until additional quota is made available": the next token, not the full bucket. */
        @Override
        public long moreAfterNanos(Take take) {
            long missing = burst + queue - take.left();
            return missing <= 0 ? 0 : Math.max(1, Math.round(take.fullAfterNanos() - (missing - 1) * nanosPerToken()));
        }

        /** How long a request that was counted waits for its turn. */
        long waitNanos(Take take) {
            return queue == 0 ? 0 : Math.max(0, take.fullAfterNanos() - (long) Math.floor(burst * nanosPerToken()));
        }

        private double nanosPerToken() {
            return (rate.per().toSeconds() * NANOS + rate.per().toNanosPart()) / rate.amount();
        }

        @Override
        public String told() {
            return rate.toString();
        }
    }

    /** By a window that slides. */
    record Sliding(String name, Rate rate, boolean exact) implements Policy {

        @Override
        public long quota() {
            return rate.amount();
        }

        @Override
        public Limit at(Instant now) {
            return exact ? new Limit.Log(rate.amount(), rate.per()) : new Limit.Sliding(rate.amount(), rate.per());
        }

        @Override
        public Sliding part(Percent share) {
            return new Sliding(name, new Rate(Policy.part(rate.amount(), share), rate.per()), exact);
        }

        @Override
        public long windowSeconds() {
            return rate.per().toSeconds();
        }

        @Override
        public String told() {
            return rate.toString();
        }
    }

    /** By a window that begins anew, at whole multiples of its length since 1970. */
    record Fixed(String name, Rate rate) implements Policy {

        @Override
        public long quota() {
            return rate.amount();
        }

        @Override
        public Limit at(Instant now) {
            long length = Math.max(1, rate.per().toMillis());
            long start = Math.floorDiv(now.toEpochMilli(), length) * length;
            return new Limit.Window(rate.amount(), start, Duration.between(now, Instant.ofEpochMilli(start + length)));
        }

        @Override
        public Fixed part(Percent share) {
            return new Fixed(name, new Rate(Policy.part(rate.amount(), share), rate.per()));
        }

        @Override
        public long windowSeconds() {
            return rate.per().toSeconds();
        }

        @Override
        public long moreAfterNanos(Take take) {
            return take.fullAfterNanos();
        }

        @Override
        public String told() {
            return rate.toString();
        }
    }

    /** By a day or a month of the calendar. */
    record Calendar(String name, long quota, ChronoUnit unit, ZoneId zone) implements Policy {

        private static final long SECONDS_OF_A_DAY = 86_400;
        private static final long DAYS_OF_A_MONTH = 30;

        @Override
        public Limit at(Instant now) {
            ZonedDateTime day = now.atZone(zone).truncatedTo(ChronoUnit.DAYS);
            ZonedDateTime start = unit == ChronoUnit.DAYS ? day : day.withDayOfMonth(1);
            // From midnight to midnight, which is not always 24 hours.
            Instant end = start.toLocalDate().plus(1, unit).atStartOfDay(zone).toInstant();
            return new Limit.Window(quota, start.toInstant().toEpochMilli(), Duration.between(now, end));
        }

        @Override
        public Calendar part(Percent share) {
            return new Calendar(name, Policy.part(quota, share), unit, zone);
        }

        @Override
        public long windowSeconds() {
            return unit == ChronoUnit.DAYS ? SECONDS_OF_A_DAY : DAYS_OF_A_MONTH * SECONDS_OF_A_DAY;
        }

        @Override
        public long moreAfterNanos(Take take) {
            return take.fullAfterNanos();
        }

        @Override
        public String told() {
            return quota + (unit == ChronoUnit.DAYS ? " a day" : " a month");
        }
    }
}
