//! Points at a terminal: one line a site, what was asked of its score, and on request the tree: group, rule, why so
//! many points and what would raise them, and how the level follows. Only tells what the report holds.

use super::style::Ink;
use super::{Sheet, plain, scored, words};
use crate::finding::{Finding, Share, Verdict};
use crate::policy::Points;
use crate::report::scored::{Unkept, between};
use crate::score::{Counted, Gate, GateKind, GroupScore, RuleScore, Scale, Score};

impl<'a> Sheet<'a> {
    /// ` · 62,5 trên 100 · mức D` of a site.
    pub(super) fn short_scores(&self, id: &str) -> String {
        let mine = self.scores_of.get(id).into_iter().flatten();
        mine.map(|score| format!(" · {}", scored::line(self.report, score, self.lang))).collect()
    }

    /// The scores of a site where they have a line of their own, with what they must reach.
    pub(super) fn scores(&mut self, id: &str, findings: &[&'a Finding], alone: bool) {
        let report = self.report;
        let mine: Vec<&'a Score> = self.scores_of.get(id).cloned().unwrap_or_default();
        for score in &mine {
            let policy = plain::line_of(&score.policy, 100);
            let name = self.lang.of(format!("Điểm ({policy}):"), format!("Points ({policy}):"));
            let text = format!("{name} {}", scored::line(report, score, self.lang));
            if alone {
                self.say(2, None, &text);
            }
            let all = self.verbose || self.explain_score;
            for gate in score.gates.iter().filter(|gate| all || gate.verdict != Verdict::Pass) {
                self.gate(4, Some(score), gate);
            }
            if self.explain_score {
                self.tree(score, findings);
            }
        }
        if self.explain_score && mine.is_empty() && report.policies.iter().any(|policy| policy.scale.is_some()) {
            let text = self.lang.of(
                "Không có điểm: không tiêu chí có điểm nào áp dụng hoặc được xét ở trang này.",
                "No points: no rule with points asks anything of this site, or none was judged.",
            );
            self.say(2, Some(Ink::Dim), text);
        }
    }

    /// What was asked and no site answers; and why there is no tree, where one was asked for.
    pub(super) fn unscored(&mut self) {
        let report = self.report;
        for Unkept { score, gate } in scored::unkept(report).into_iter().filter(|one| one.score.is_none()) {
            self.gate(0, score, &gate);
        }
        if self.explain_score && report.policies.iter().all(|policy| policy.scale.is_none()) {
            let text = self.lang.of(
                "Không có điểm để giải thích: bộ tiêu chí không có thang điểm.",
                "There is no score to explain: the policy has no points.",
            );
            self.say(0, None, text);
        }
    }

    fn gate(&mut self, indent: usize, score: Option<&Score>, gate: &Gate) {
        let (sign, ink) = match gate.verdict {
            Verdict::Pass => ("✓", Ink::Good),
            Verdict::Fail => ("✗", Ink::Bad),
            _ => ("?", Ink::Warn),
        };
        let asked = scored::asked(gate, self.lang);
        // The line above has told what the site has in all.
        let answer = match score {
            Some(_) if gate.kind != GateKind::Group => scored::reached(gate, self.lang).to_owned(),
            score => scored::answer(self.report, score, gate, self.lang),
        };
        let text = format!("{sign} {} {asked} – {answer}", self.lang.of("Ngưỡng:", "Gate:"));
        self.say(indent, Some(ink), &text);
    }

    fn tree(&mut self, score: &Score, findings: &[&'a Finding]) {
        let scale = self.report.scale_of(&score.policy);
        let mine: Vec<&Finding> = findings.iter().copied().filter(|f| f.policy == score.policy).collect();
        for group in &score.groups {
            let indent = if group.id.is_some() { 6 } else { 4 };
            self.group(scale, group);
            for rule in &group.rules {
                let finding = mine.iter().copied().find(|f| f.rule == rule.rule);
                self.rule(indent, score, rule, finding);
            }
            if group.unassigned > Points(0) {
                let left = self.lang.points(group.unassigned);
                let text = self.lang.of(
                    format!("? 0–{left} điểm của nhóm chưa tiêu chí nào xét, tính là chưa rõ"),
                    format!("? 0–{left} points of the group that no rule hands out; they count as not known"),
                );
                self.say(indent, Some(Ink::Warn), &text);
            }
        }
        if let Some(scale) = scale {
            self.how_the_level_follows(scale, score);
        }
    }

    fn group(&mut self, scale: Option<&Scale>, group: &GroupScore) {
        let Some(id) = &group.id else { return };
        let known = scale.and_then(|scale| scale.groups.iter().find(|known| known.id == *id));
        let title = known.map(|known| plain::line(self.lang.pick(&known.title))).unwrap_or_default();
        let mut text = format!(
            "{title} [{}]: {} {} {}",
            plain::line_of(id, 80),
            between(group.low, group.high, self.lang),
            self.lang.of("trên", "of"),
            self.lang.points(group.possible)
        );
        if group.removed > Points(0) {
            let removed = self.lang.points(group.removed);
            text.push_str(
                &self.lang.of(format!(" · {removed} điểm không áp dụng"), format!(" · {removed} points do not apply")),
            );
        }
        let text = self.painter.paint(Ink::Bold, text.trim_start());
        self.put(4, &text);
    }

    fn rule(&mut self, indent: usize, score: &Score, rule: &RuleScore, finding: Option<&'a Finding>) {
        let lang = self.lang;
        let (sign, ink) = match rule.counted {
            Counted::Full => ("✓", Ink::Good),
            Counted::Part => ("◐", Ink::Warn),
            Counted::Nothing => ("✗", Ink::Bad),
            Counted::Waived | Counted::Known => ("✗", Ink::Warn),
            Counted::Open | Counted::Skipped => ("?", Ink::Warn),
            Counted::Removed => ("–", Ink::Dim),
        };
        let title = self.report.rules.iter().find(|known| known.id == rule.rule && known.policy == score.policy);
        let title = title.map(|known| format!(" · {}", plain::line(lang.pick(&known.title)))).unwrap_or_default();
        let full = lang.points(rule.points);
        let number = if rule.counted == Counted::Removed {
            lang.of(format!("({full} điểm)"), format!("({full} points)"))
        } else {
            format!("{} {} {full}", between(rule.low, rule.high, lang), lang.of("trên", "of"))
        };
        let head = format!("{sign} {number} · {}{title}", plain::line_of(&rule.rule, 100));
        self.say(indent, Some(ink), &head);
        let why = self.why(rule, finding);
        self.say(indent + 4, None, &why);
        if let Some(more) = self.what_would_raise(rule, finding) {
            self.say(indent + 4, Some(Ink::Dim), &more);
        }
    }

    fn why(&self, rule: &RuleScore, finding: Option<&Finding>) -> String {
        let lang = self.lang;
        let reason = finding.map(|finding| plain::reason(finding, lang)).unwrap_or_default();
        let said = match rule.counted {
            Counted::Full => lang.of("đủ điểm", "all points"),
            Counted::Part => &self.part(rule, finding),
            Counted::Nothing => lang.of("không có điểm", "no points"),
            Counted::Open => lang.of("chưa rõ", "not known"),
            Counted::Removed => lang.of("không áp dụng, không tính vào tổng điểm", "does not apply, not in the total"),
            Counted::Waived => {
                lang.of("tạm chấp nhận, không được tính điểm", "accepted for a time, which earns no points")
            }
            Counted::Known => lang.of("lỗi đã biết, không được tính điểm", "a known failure, which earns no points"),
            Counted::Skipped => lang.of("lần này không xét (--only, --skip)", "not judged this time (--only, --skip)"),
        };
        // What a person stated is not what a machine measured.
        let said =
            if rule.attested { format!("{said}, {}", lang.of("theo xác nhận", "attested")) } else { said.into() };
        joined(&said, &reason)
    }

    /// How many parts of a rule are kept; people's points need no second telling.
    fn part(&self, rule: &RuleScore, finding: Option<&Finding>) -> String {
        let lang = self.lang;
        let mut text = lang.of("một phần", "a part").to_owned();
        let stated = |share: &Share| rule.attested && share.of == rule.points.0;
        let Some(share) = finding.and_then(|finding| finding.earned).filter(|share| !stated(share)) else {
            return text;
        };
        text.push_str(&format!(" {}/{}", share.met, share.of));
        if share.open > 0 {
            text.push_str(&lang.of(
                format!(", {}/{} chưa rõ", share.open, share.of),
                format!(", {}/{} not known", share.open, share.of),
            ));
        }
        let exact = |parts: u32| {
            (u64::from(rule.points.0) * u64::from(parts.min(share.of))).checked_rem(u64::from(share.of)) == Some(0)
        };
        if !exact(share.met) || !exact(share.met.saturating_add(share.open)) {
            text.push_str(lang.of(", làm tròn xuống phần trăm điểm", ", rounded down to the hundredth"));
        }
        text
    }

    fn what_would_raise(&self, rule: &RuleScore, finding: Option<&Finding>) -> Option<String> {
        let lang = self.lang;
        let missing = rule.points.0.saturating_sub(rule.low.0);
        if rule.counted == Counted::Removed || missing == 0 {
            return None;
        }
        let more = lang.points(Points(missing));
        let how = match rule.counted {
            Counted::Skipped => {
                lang.of("chạy lại không có --only, --skip", "run again without --only, --skip").to_owned()
            }
            Counted::Open => finding.and_then(|f| f.gap).map(|gap| words::remedy(gap).pick(lang).to_owned())?,
            _ => finding
                .and_then(|finding| plain::fix(self.report, finding, lang))
                .and_then(|fix| plain::lines(fix).into_iter().next())
                .unwrap_or_else(|| lang.of("khắc phục nội dung nêu trên.", "mend what is told above.").to_owned()),
        };
        Some(lang.of(format!("Thêm tối đa {more} điểm: {how}"), format!("Up to {more} more: {how}")))
    }

    /// The bounds, and where both ends lie among them.
    fn how_the_level_follows(&mut self, scale: &Scale, score: &Score) {
        let lang = self.lang;
        if scale.levels.is_empty() {
            return;
        }
        let bound = |level: &crate::policy::Level| {
            format!("{} {} {}", plain::line_of(&level.id, 60), lang.of("từ", "from"), lang.points(level.from))
        };
        let bounds: Vec<String> = scale.levels.iter().map(bound).collect();
        let name = |level: &Option<String>| plain::line_of(level.as_deref().unwrap_or("–"), 60);
        let at = |value, level| format!("{} → {}", lang.points(scale.of_all(value, score.possible)), name(level));
        let mut ends = vec![at(score.low, &score.level_low)];
        if score.low != score.high {
            ends.push(at(score.high, &score.level_high));
        }
        let of = lang.points(scale.points);
        let mut text = lang.of(
            format!("Mức trên thang {of}: {}. Trang này: {}.", bounds.join(", "), ends.join(", ")),
            format!("Levels on the scale of {of}: {}. This site: {}.", bounds.join(", "), ends.join(", ")),
        );
        if score.level.is_none() {
            text.push_str(lang.of(
                " Hai đầu khác mức nên chưa xác định được mức.",
                " The two ends differ, so the level is not decided.",
            ));
        }
        self.say(4, None, &text);
    }
}

fn joined(said: &str, reason: &str) -> String {
    if reason.is_empty() { said.to_owned() } else { format!("{said}: {reason}") }
}
