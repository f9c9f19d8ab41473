//! Shadow roots that are closed to scripts: the inspector opens them for the scripts of a look. Never changes them.

use serde_json::json;

use super::ask::Asked;
use crate::acquire::browser::pipe::Broken;

/// Makes closed roots known to the page's scripts; what cannot be opened stays closed.
pub(super) async fn open(page: &Asked<'_>) -> Result<(), Broken> {
    let hosts: Vec<u32> = page.ask("rasoat.closedHosts()").await?;
    for host in hosts {
        if page.left().is_zero() {
            break;
        }
        match show(page, host).await {
            Ok(()) | Err(Broken::Refused(_)) => {}
            Err(broken) => return Err(broken),
        }
    }
    Ok(())
}

async fn show(page: &Asked<'_>, host: u32) -> Result<(), Broken> {
    let session = page.session;
    let params = json!({ "expression": format!("rasoat.pointed({host})"), "contextId": page.world });
    let element = session.call_within("Runtime.evaluate", params, page.left()).await?;
    let params = json!({ "objectId": element["result"]["objectId"] });
    let node = session.call_within("DOM.describeNode", params, page.left()).await?;
    let roots = node["node"]["shadowRoots"].as_array().map_or(&[][..], Vec::as_slice);
    for root in roots.iter().filter(|root| root["shadowRootType"] == "closed") {
        let params = json!({ "backendNodeId": root["backendNodeId"], "executionContextId": page.world });
        let resolved = session.call_within("DOM.resolveNode", params, page.left()).await?;
        let params = json!({
            "functionDeclaration": "function () { rasoat.closedRoots.push(this); }",
            "objectId": resolved["object"]["objectId"],
        });
        session.call_within("Runtime.callFunctionOn", params, page.left()).await?;
    }
    Ok(())
}
