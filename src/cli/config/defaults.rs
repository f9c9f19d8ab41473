//! What holds for a key that nobody set: the value where there is one, else what happens, in words.

use serde_json::json;

use super::Shown;
use crate::acquire::browser::{LOAD_RUNS, QUIET, TABS, TIMEOUT, WAIT};
use crate::acquire::fetch::NetOptions;
use crate::cli::layered::Settings;
use crate::cli::{check, network};
use crate::config::{duration_text, size_text};
use crate::lang::Lang;
use crate::policy::Text;

/// The default of a key.
pub(super) fn of(path: &str, settings: &Settings, lang: Lang) -> Shown {
    let net = NetOptions::default();
    let said = |vi: &str, en: &str| Shown::Said(Text::new(vi, en));
    Shown::Value(match path {
        "policies" => json!([check::default_policy()]),
        "sites" => {
            settings.sites().map_or_else(|| json!("sites.yml"), |path| json!(path.to_string_lossy().replace('\\', "/")))
        }
        "reports" => json!(["human"]),
        "fail_on" => json!("error"),
        "strict" | "new_only" | "deployed" | "no_sandbox" | "emc_send" | "allow_private" => json!(false),
        "lang" => json!(lang.code()),
        "browser" => json!("auto"),
        "load_runs" => json!(LOAD_RUNS),
        "run_lighthouse" => json!(0),
        "user_agent" => json!(net.user_agent),
        "limits.jobs" => json!(network::JOBS),
        "limits.per_host" => json!(net.per_host),
        "limits.delay" => json!(duration_text(net.delay)),
        "limits.timeout" => json!(duration_text(net.timeout)),
        "limits.retries" => json!(net.retries),
        "limits.max_redirects" => json!(net.max_redirects),
        "limits.max_size" => json!(size_text(net.max_size)),
        "limits.tabs" => json!(TABS),
        "limits.browser_wait" => json!(duration_text(WAIT)),
        "limits.browser_quiet" => json!(duration_text(QUIET)),
        "limits.browser_timeout" => json!(duration_text(TIMEOUT)),
        "letter_template" => return said("mẫu dựng sẵn", "the built-in one"),
        "letter_fields" => return said("để trống, điền tay", "blank, filled in by hand"),
        "params" => return said("theo bộ tiêu chí", "as the policies have them"),
        "pages" => return said("theo từng tiêu chí", "as each rule says"),
        "max_pages" => {
            return said("mọi trang của thư mục, 200 của một địa chỉ", "all of a folder, 200 of an address");
        }
        "waivers" | "attestations" | "baseline" => return said("không dùng", "none is read"),
        "min_score" | "min_level" | "min_groups" => return said("không đặt ngưỡng", "nothing is asked of scores"),
        "history" => return said("không lưu", "no run is kept"),
        "base" => return said("không so sánh", "nothing is compared"),
        "browser_path" => return said("Chromium hoặc Chrome nếu có", "Chromium or Chrome where found"),
        "emc" => return said("stand-in cho thư mục, live cho địa chỉ", "stand-in for folders, live for addresses"),
        "screenshots" => return said("không lưu ảnh", "no pictures are written"),
        "lighthouse" => return said("không đọc", "none is read"),
        "axe" => return said("node_modules/axe-core nếu có", "node_modules/axe-core where found"),
        "resolve" => return said("theo DNS", "as DNS says"),
        "cacert" => return said("chứng thư gốc của hệ thống", "the system's certificates"),
        "proxy" => return said("theo HTTPS_PROXY, HTTP_PROXY", "as HTTPS_PROXY and HTTP_PROXY say"),
        "limits.deadline" => return said("không giới hạn", "no limit"),
        _ => return said("chưa đặt", "not set"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Environment, KEYS, Kind};

    #[test]
    fn every_key_has_its_default() {
        let settings = Settings { values: Default::default(), config: None, environment: Environment::default() };
        for key in KEYS {
            match of(key.path, &settings, Lang::En) {
                Shown::Said(text) => assert!(text.en != "not set" && text.vi != text.en, "{} has no default", key.path),
                Shown::Value(value) => {
                    let fits = match key.kind {
                        Kind::Switch => value.is_boolean(),
                        Kind::Count { .. } => value.is_u64(),
                        Kind::List => value.is_array(),
                        Kind::Duration => crate::config::duration(value.as_str().unwrap()).is_some(),
                        Kind::Size => crate::config::size(value.as_str().unwrap()).is_some(),
                        Kind::Word(words) => words.contains(&value.as_str().unwrap()),
                        _ => value.is_string(),
                    };
                    assert!(fits, "{}: {value}", key.path);
                }
            }
        }
    }
}
