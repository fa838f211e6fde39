//! From what the compiler wrote to what a browser starts: WebAssembly, the scripts that it calls, and one that starts it.

use std::{fs, path::Path};

use anyhow::{Result, anyhow};
use wasm_bindgen_cli_support::Bindgen;

/// The script that starts an application.
pub(super) const BOOT: &str = "boot.js";

/// What a program imports from where a split point stands in its sources.
const SPLIT_POINT: &[u8] = b"__wasm_split_placeholder__";

/// Fills a folder from a program. Parts behind split points become files of their own, which the program fetches when it
/// first needs them; a program without split points stays in one.
pub(super) fn link(wasm: &Path, name: &str, folder: &Path) -> Result<()> {
    let glue = format!("./{name}.js");
    let mut program = fs::read(wasm)?;
    let main = folder.join("main.wasm");
    let is_split = has_split_points(&program);
    if is_split {
        let mut options = wasm_split_cli_support::Options::new(&program);
        options.output_dir = folder;
        options.main_out_path = &main;
        options.main_module = &glue;
        wasm_split_cli_support::transform(options).map_err(|error| anyhow!("cannot split {name}: {error:#}"))?;
        program = fs::read(&main)?;
        fs::remove_file(&main)?;
    }

    let mut output = Bindgen::new()
        .input_bytes(name, program)
        .web(true)?
        .omit_default_module_path(false)
        // The parts call the program by names that only the linker knows.
        .keep_lld_exports(is_split)
        .remove_producers_section(true)
        .generate_output()?;
    let customs = &mut output.wasm_mut().customs;
    let for_the_splitter: Vec<_> = customs
        .iter()
        .filter(|(_, section)| is_for_the_splitter(section.name()))
        .map(|(id, _)| id)
        .collect();
    for section in for_the_splitter {
        customs.delete(section);
    }
    output.emit(folder)?;
    Ok(fs::write(
        folder.join(BOOT),
        format!(
            // A browser that runs scripts and not the program is shown what the first screen's script has for it, or says so by
            // what the page has for that. Where the program did not come, what the page shows stays, for what is written in
            // it, and that script looks why. A program that failed by itself has said so.
            "import start from '{glue}';\n\
             start().catch((error) => {{\n  \
               const never = !self.WebAssembly || error instanceof WebAssembly.CompileError;\n  \
               const first = self.firstScreen;\n  \
               const isSaid = document.querySelector('.broken');\n  \
               if (!isSaid && first) never ? first.refused() : first.failed();\n  \
               if (!isSaid && !first && never) {{\n    \
                 document.body.replaceChildren(document.querySelector('template').content);\n    \
                 parent.postMessage({{ portico: 1, type: 'broken' }}, '*');\n  \
               }}\n  \
               console.error(error);\n\
             }});\n"
        ),
    )?)
}

/// What the linker tells the splitter, which is as large as the program itself.
fn is_for_the_splitter(section: &str) -> bool {
    section == "linking" || section.starts_with("reloc.")
}

fn has_split_points(program: &[u8]) -> bool {
    program.windows(SPLIT_POINT.len()).any(|bytes| bytes == SPLIT_POINT)
}

#[cfg(test)]
mod tests {
    use super::has_split_points;

    #[test]
    fn a_split_point_shows_in_the_imports() {
        assert!(has_split_points(b"\0asm..__wasm_split_placeholder__.."));
        assert!(!has_split_points(b"\0asm"));
    }
}
