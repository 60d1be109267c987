import java.time.Clock;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.FormatStyle;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAdjusters;
import java.time.temporal.WeekFields;
import java.util.Calendar;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.Locale;
import java.util.SimpleTimeZone;
import java.util.TimeZone;

/** java.time at fixed instants, in several zones, and the old calendar classes. */
public class DatesAndTimes {
    static void attempt(java.util.function.Supplier<Object> what) {
        try {
            System.out.println(what.get());
        } catch (DateTimeException e) {
            System.out.println(e.getMessage());
        }
    }

    public static void main(String[] args) throws Exception {
        Instant instant = Instant.ofEpochSecond(1700000000L, 123456789);
        LocalDate date = LocalDate.of(2024, 2, 29);
        System.out.println(instant + " " + instant.plus(90, ChronoUnit.MINUTES) + " " + instant.truncatedTo(ChronoUnit.HOURS) + " " + instant.toEpochMilli() + " " + Instant.EPOCH + " " + Instant.MAX + " "
                + Instant.parse("1969-12-31T23:59:59.5Z").getNano());
        System.out.println(date + " " + date.plusYears(1) + " " + date.minusMonths(13) + " " + date.getDayOfWeek() + " " + date.getDayOfYear() + " " + date.isLeapYear() + " " + date.lengthOfMonth() + " "
                + date.with(TemporalAdjusters.firstInMonth(DayOfWeek.MONDAY)) + " " + date.with(TemporalAdjusters.lastDayOfYear()) + " " + date.until(LocalDate.of(2030, 1, 1)) + " "
                + ChronoUnit.DAYS.between(LocalDate.of(1900, 1, 1), date) + " " + date.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR) + " " + date.get(WeekFields.SUNDAY_START.weekOfYear()) + " " + date.toEpochDay());
        for (String zone : new String[] {"UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "GMT+03:30"}) {
            ZoneId id = ZoneId.of(zone);
            ZonedDateTime time = instant.atZone(id);
            System.out.println(time + " " + time.plusMonths(6).getOffset() + " " + id.getRules().isDaylightSavings(Instant.ofEpochSecond(1690000000L)) + " " + id.getRules().getTransitions().size()
                    + " " + ZonedDateTime.of(2024, 3, 31, 2, 30, 0, 0, id) + " " + LocalDateTime.of(2023, 10, 29, 2, 30).atZone(id).withLaterOffsetAtOverlap().toInstant());
        }
        System.out.println(LocalTime.of(23, 59, 59).plusSeconds(2) + " " + LocalTime.MIDNIGHT.minusNanos(1) + " " + LocalTime.parse("10:15").isBefore(LocalTime.NOON) + " "
                + LocalDateTime.of(2024, Month.MAY, 5, 10, 0).atOffset(ZoneOffset.ofHours(-5)) + " " + OffsetDateTime.parse("2007-12-03T10:15:30+01:00").toInstant() + " " + YearMonth.of(2023, 2).atEndOfMonth() + " " + Year.of(1900).isLeap());
        System.out.println(Duration.ofSeconds(3661, 5000000) + " " + Duration.parse("PT-1H-0.5S").toMillis() + " " + Duration.between(instant, Instant.EPOCH).toDays() + " " + Period.parse("P1Y2M3D").plusDays(40).normalized() + " "
                + Period.between(LocalDate.of(2020, 1, 31), LocalDate.of(2021, 3, 1)) + " " + Duration.ofDays(2).plusMinutes(5).toHoursPart());
        for (String pattern : new String[] {"yyyy-MM-dd HH:mm:ss.SSS", "EEEE, d MMMM uuuu", "h:mm a", "D 'day of' YYYY", "e c Q q", "VV z xxx O", "kk:mm n", "G yy MMM"}) {
            System.out.println(instant.atZone(ZoneId.of("Europe/Paris")).format(DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH)));
        }
        System.out.println(DateTimeFormatter.RFC_1123_DATE_TIME.format(instant.atOffset(ZoneOffset.UTC)) + " " + DateTimeFormatter.ISO_WEEK_DATE.format(date) + " " + DateTimeFormatter.BASIC_ISO_DATE.format(date) + " "
                + LocalDate.parse("5/3/2021", DateTimeFormatter.ofPattern("d/M/yyyy")) + " " + DayOfWeek.FRIDAY.getDisplayName(TextStyle.SHORT, Locale.ENGLISH) + " " + Month.MAY.getDisplayName(TextStyle.FULL, Locale.ENGLISH)
                + " " + date.format(DateTimeFormatter.ofLocalizedDate(FormatStyle.MEDIUM).withLocale(Locale.US)));
        attempt(() -> LocalDate.of(2023, 2, 29));
        attempt(() -> LocalDate.of(2023, 13, 1));
        attempt(() -> LocalTime.parse("25:00"));
        attempt(() -> LocalDate.parse("2023-1-1"));
        attempt(() -> ZoneId.of("Nowhere/City"));
        attempt(() -> LocalTime.NOON.get(ChronoField.YEAR));
        attempt(() -> LocalDate.MAX.plusDays(1));
        attempt(() -> DateTimeFormatter.ofPattern("HH").parse("x"));
        System.out.println(DateTimeParseException.class.getSuperclass().getSimpleName() + " " + Clock.fixed(instant, ZoneOffset.UTC).millis() + " " + LocalDate.now(Clock.fixed(instant, ZoneId.of("Asia/Tokyo"))));
        long digest = 0;
        for (int i = 0; i < 3000; i++) {
            LocalDate day = LocalDate.ofEpochDay(i * 997L - 800000);
            digest = digest * 31 + day.getYear() * 10000 + day.getMonthValue() * 100 + day.getDayOfMonth() + day.getDayOfWeek().getValue();
        }
        System.out.println(digest);
        TimeZone.setDefault(TimeZone.getTimeZone("America/Los_Angeles"));
        GregorianCalendar calendar = new GregorianCalendar(2024, Calendar.MARCH, 10, 1, 30);
        calendar.setFirstDayOfWeek(Calendar.MONDAY);
        Date before = calendar.getTime();
        calendar.add(Calendar.HOUR, 1);
        System.out.println(before + " " + calendar.getTime() + " " + calendar.get(Calendar.DST_OFFSET) + " " + calendar.getActualMaximum(Calendar.DAY_OF_MONTH) + " " + (calendar.getTimeInMillis() - before.getTime()));
        calendar.setTimeZone(new SimpleTimeZone(3600000, "own"));
        calendar.roll(Calendar.MONTH, -4);
        System.out.println(calendar.get(Calendar.YEAR) + " " + calendar.get(Calendar.MONTH) + " " + calendar.get(Calendar.HOUR_OF_DAY) + " " + new Date(0) + " " + ZoneId.systemDefault());
        java.text.SimpleDateFormat format = new java.text.SimpleDateFormat("yyyy-MM-dd'T'HH:mm:ssZ", Locale.ROOT);
        format.setTimeZone(TimeZone.getTimeZone("Asia/Tokyo"));
        System.out.println(format.format(new Date(1700000000000L)) + " " + format.parse("2001-09-09T01:46:40+0000").getTime());
    }
}
