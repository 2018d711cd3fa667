//! The forms of dates with times, for the wildcard `[TIME]`.

/// A time of day: `08:42:43`, `8:42:43.5 a.m.`, `08時42分43秒`, `08:42:43 πμ`.
macro_rules! clock {
    () => {
        concat!(
            r"(?:[01]?[0-9]|2[0-3])[:時시] ?[0-5][0-9][:分분] ?[0-6][0-9][秒초]?(?:[.,][0-9]+)?",
            r"(?: ?[AaPp]\.?[Mm]\b\.?| [A-Z]{2}\b| [^\x00-\x{2af}\x{2000}-\x{2fff}\s]+)?"
        )
    };
}

/// A time of day as Finnish has it: `08.42.43`.
macro_rules! dotted_clock {
    () => {
        r"(?:[01]?[0-9]|2[0-3])\.[0-5][0-9]\.[0-6][0-9]"
    };
}

/// A time zone, or none.
macro_rules! zone {
    () => {
        r"(?:,?[ \x{a0}]?(?:Z|[A-Z]{1,5}(?:[+-][0-9]{1,4})?|[+-][0-9][0-9](?::?[0-9][0-9])?)(?: \([^)]+\))?)?"
    };
}

/// A word of a date in any language, such as a weekday or a month.
macro_rules! word {
    () => {
        r#"[^\s0-9,:;()\[\]{}<>/="*+|_!?#%&@$^~]+"#
    };
}

/// What separates the parts of a date: `date` fills a day of one digit up with another blank.
macro_rules! blank {
    () => {
        r"[ \x{a0}]{1,2}"
    };
}

/// A word of a date, and what follows it.
macro_rules! words {
    ($how_many:literal) => {
        concat!("(?:", word!(), ",?", blank!(), ")", $how_many)
    };
}

/// The formats of RFC 3339 and Go, of RFC 1123 and HTTP, of `date` in all locales, of Go's log, of web servers' logs and
/// of the system's log, with any time zone or none.
pub(super) const TIME: &str = concat!(
    r"[0-9]{4}-(?:0[1-9]|1[0-2])-[0-3][0-9][T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-6][0-9](?:[.,][0-9]+)?",
    r"(?: ?(?:Z|[+-][0-9][0-9](?::?[0-9][0-9])?|[A-Z]{3,5}))?(?: (?:[A-Z]{3,5}|[+-][0-9][0-9](?:[0-9][0-9])?))?(?: m=[+-][0-9.]+)?",
    // 31.12.2026 23:59:58; 11/26/2026, 8:42:43 AM; 2026. 11. 26. (목) 08:42:43 KST
    r"|(?:[0-9]{4}[./-] ?(?:0?[1-9]|1[0-2])[./-] ?[0-3]?[0-9]|[0-3]?[0-9][./-][0-3]?[0-9][./-][0-9]{4})",
    r"\.?,?(?: \(?",
    word!(),
    r"\)?)?,?[T ]",
    clock!(),
    zone!(),
    // 2026年 11月  5日 木曜日 08:42:43 JST
    r"|[0-9]{4}[年년] ?[0-9]{1,2}[月월] {0,2}[0-9]{1,2}[日일](?: \(?",
    word!(),
    r"\)?){0,2} ",
    clock!(),
    zone!(),
    // 23:59:58 31.12.2026
    "|",
    clock!(),
    zone!(),
    r"[ ,]+(?:[0-9]{4}[./-][0-9]{1,2}[./-][0-9]{1,2}|[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{4})",
    // Thu, 26 Nov 2026 08:42:43 GMT; jeu. 26 nov. 2026 08:42:43 CET; Thứ năm, 05 Tháng mười một năm 2026 08:42:43 +07
    "|",
    words!("{0,2}"),
    r"[0-9]{1,2}\.?(?:",
    blank!(),
    words!("{1,4}"),
    r"|-[A-Za-z]+-)(?:19|2[0-9])[0-9]{2},?",
    blank!(),
    clock!(),
    zone!(),
    // to 5. marraskuuta 2026 08.42.43 EET
    "|",
    words!("?"),
    r"[0-9]{1,2}\. ",
    word!(),
    r" [0-9]{4} ",
    dotted_clock!(),
    zone!(),
    // Thu Nov 26 2026 08:42:43 GMT+0000
    "|",
    words!("{1,2}"),
    r"[0-9]{1,2},? [0-9]{4},? ",
    clock!(),
    zone!(),
    // 2026. nov. 5., csütörtök, 08:42:43 CET; 2026 m. lapkričio 05 d. 08:42:43 EET
    "|",
    words!("?"),
    r"[0-9]{4}\.?",
    blank!(),
    words!("{1,2}"),
    r"[0-9]{1,2}\.?,? ",
    words!("{0,1}"),
    clock!(),
    zone!(),
    // Thu Nov 26 08:42:43 UTC 2026; Do 26. Nov 08:42:43 CET 2026; with TZ=Europe/Berlin and no such file: Europe
    "|",
    words!("?"),
    "(?:",
    r"[0-9]{1,2}\.? ",
    word!(),
    "|",
    word!(),
    blank!(),
    r"[0-9]{1,2}),? ",
    clock!(),
    "(?:",
    zone!(),
    r"| [A-Z][A-Za-z]{2,14}) [0-9]{4}",
    // Nov 26 08:42:43
    r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ 0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]",
    r"|[0-9][0-9]/[A-Z][a-z]{2}/[0-9]{4}:[0-9][0-9]:[0-9][0-9]:[0-9][0-9] [+-][0-9]{4}"
);

#[cfg(test)]
mod tests {
    use super::TIME;
    use crate::expression::regex;

    /// What `date` and `date +%c` print in locales of glibc, on days of one digit and of two; `~` is a no-break space.
    const OUTPUTS: [(&str, &[&str]); 22] = [
        ("cs_CZ", &["Čt~5.~listopadu~2026,~08:42:43~UTC", "Ne~15.~listopadu~2026,~08:42:43"]),
        ("da_DK", &["tor  5 nov 08:42:43 UTC 2026", "søn 15 nov 2026 08:42:43 UTC"]),
        ("de_DE", &["Do 5. Nov 08:42:43 UTC 2026", "So 15. Nov 08:42:43 UTC 2026", "Do 05 Nov 2026 08:42:43 UTC"]),
        ("el_GR", &["Πεμ 05 Νοε 2026 08:42:43 πμ UTC", "Κυρ 15 Νοε 2026 08:42:43 μμ EET"]),
        ("en_GB", &["Thu  5 Nov 08:42:43 GMT 2026", "Sun 15 Nov 08:42:43 GMT 2026"]),
        ("en_US", &["Thu Nov  5 08:42:43 AM UTC 2026", "Sun 15 Nov 2026 08:42:43 AM UTC"]),
        ("es_ES", &["jue 05 nov 2026 08:42:43 UTC", "dom 15 nov 2026 08:42:43"]),
        ("fi_FI", &["to 5. marraskuuta 2026 08.42.43 EET", "su 15. marraskuuta 2026 08.42.43"]),
        ("fr_FR", &["jeu. 05 nov. 2026 08:42:43 UTC", "dim. 15 nov. 2026 08:42:43"]),
        ("hi_IN", &["गुरुवार 05 नवंबर 2026 08:42:43 पूर्वाह्न IST", "रविवार 15 नवंबर 2026 08:42:43 पूर्वाह्न"]),
        ("hu_HU", &["2026. nov. 5., csütörtök, 08:42:43 CET", "2026. nov. 15., vasárnap, 08:42:43 CET"]),
        ("ja_JP", &["2026年 11月  5日 木曜日 08:42:43 JST", "2026年 11月 15日 日曜日 08:42:43 JST"]),
        ("ja_JP, %c", &["2026年11月05日 08時42分43秒", "2026年11月15日 08時42分43秒"]),
        ("ko_KR", &["2026. 11. 05. (목) 08:42:43 KST", "2026. 11. 15. (일) 08:42:43 KST"]),
        ("ko_KR, %c", &["2026년 11월 05일 (목) 오전 08시 42분 43초", "2026년 11월 15일 (일) 오전 08시 42분 43초"]),
        ("lt_LT", &["2026 m. lapkričio 05 d. 08:42:43 EET", "2026 m. lapkričio 15 d. 08:42:43"]),
        (
            "lv_LV",
            &["ceturtdiena, 2026. gada  5. novembris, 08:42:43 EET", "svētdiena, 2026. gada 15. novembris, 08:42:43"],
        ),
        ("ms_MY", &["Khamis 05 Nov 2026 08:42:43 PG +08", "Ahad 15 Nov 2026 08:42:43 PG +08"]),
        ("sk_SK", &["Št~~5.~november~2026,~08:42:43~UTC", "Ne~15.~november~2026,~08:42:43"]),
        ("th_TH", &["พฤ.  5 พ.ย. 2569 08:42:43 +07", "อา. 15 พ.ย. 2569 08:42:43 +07"]),
        (
            "vi_VN",
            &["Thứ năm, 05 Tháng mười một năm 2026 08:42:43 +07", "Chủ nhật, 15 Tháng mười một năm 2026 08:42:43"],
        ),
        ("zh_CN", &["2026年 11月 05日 星期四 08:42:43 CST", "2026年 11月 15日 星期日 08:42:43 CST"]),
    ];

    #[test]
    fn what_date_prints_in_any_language_is_a_time() {
        let whole = regex(&format!("^(?:{TIME})$"));
        for (locale, outputs) in OUTPUTS {
            for output in outputs {
                assert!(whole.is_match(&output.replace('~', "\u{a0}")), "{locale}: {output}");
            }
        }
    }

    #[test]
    fn an_unknown_zone_is_named_before_the_year() {
        let whole = regex(&format!("^(?:{TIME})$"));
        assert!(whole.is_match("Tue Dec  1 03:31:47 Europe 2026"));
        assert!(!whole.is_match("Tue Dec  1 2026 03:31:47 Europe") && !whole.is_match("Dec 1 03:31:47 done 2026"));
    }

    #[test]
    fn what_is_no_date_with_a_time_is_none() {
        let whole = regex(&format!("^(?:{TIME})$"));
        for text in [
            "Thu  5 Nov 2026",
            "5 Pods 08:42:43",
            "2026 Pods 08:42:43",
            "5 of 15 since 08:42:43",
            "version 1.2.2026",
            "Thu 5 Nov 08:42 2026",
            "Thu   5 Nov 08:42:43 2026",
            "Thu 5 Nov 28:42:43 2026",
            "2026年 11月 08:42:43",
            "Thu 5 Nov 2026 08:42:43 is over",
            "10 nginx 1234 1.27.03",
            "5 replicas of web 2026 1.27.03",
            "node 1 is ready 2026 1.12.30",
            "level=error msg=\"x\" 5 Nov 2026 08:42:43",
            "5 Nov 2026 08:42:43 ✓",
            "5 Nov 2026 08:42:43失敗",
        ] {
            assert!(!whole.is_match(text), "{text}");
        }
    }
}
