//! The commands that the documentation of rankings shows print what it shows, line by line in that order.

use std::process::Command;

#[test]
fn what_the_documentation_shows_is_what_happens() {
    for text in [include_str!("../../docs/rank.md"), include_str!("../../docs/rank.vi.md")] {
        let mut shown = 0;
        for block in text.split("```console\n").skip(1) {
            let mut lines = block[..block.find("```").unwrap()].lines();
            let command = lines.next().unwrap().strip_prefix("$ rasoat ").unwrap();
            let output = Command::new(env!("CARGO_BIN_EXE_rasoat"))
                .args(command.split(' '))
                .current_dir(env!("CARGO_MANIFEST_DIR"))
                .output()
                .unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            let printed = String::from_utf8(output.stdout).unwrap();
            let mut rest = printed.lines();
            for line in lines.filter(|line| *line != "…") {
                assert!(rest.any(|l| l == line), "{command} does not print (in order):\n{line}\n---\n{printed}");
                shown += 1;
            }
        }
        assert!(shown >= 10, "{shown} lines of output are shown");
    }
}
