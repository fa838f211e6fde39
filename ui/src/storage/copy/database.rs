//! The database of the copy. It is asked for by name, as the browser's locks are: typed bindings, or a library on top of them,
//! would put their half into the script that each first open fetches.
//!
//! Each text has the name of the tab that keeps it, which is that of a lock that the tab holds as long as it lives: what a living
//! tab is about to send is not another one's to take. A browser that refuses any of this keeps no copy.

use super::CopyTask;
use crate::browser::{mint, window};
use crate::lock::{self, Lock};
use js_sys::{Array, Function, Promise, Reflect};
use std::cell::{Cell, RefCell};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// What is in a database: a tab and a text under each name. `widget/first.js` and the plain chat know it by this name, too.
const STORE: &str = "unsent";

/// What ends the name of the lock under which a database is worked on: one that is empty is deleted, and nothing may be put into
/// it meanwhile.
const TURN: &str = ".unsent";

/// What the locks of tabs begin with.
const TAB: &str = "portico.tab.";

/// Greater than the rest of any key.
const LAST: &str = "\u{ffff}";

thread_local! {
    /// This tab's name and its lock.
    static OWN: RefCell<Option<(String, Lock)>> = const { RefCell::new(None) };
    /// Whether the lock is let go with the page.
    static LETS_GO: Cell<bool> = const { Cell::new(false) };
}

/// Carries a task out on the database of this name when those before it are done.
pub async fn carry_out(name: String, task: CopyTask) -> Option<Vec<(String, String)>> {
    let tab = match task {
        CopyTask::Put { .. } | CopyTask::Take { .. } => own_name().await,
        CopyTask::Remove { .. } | CopyTask::Read { .. } => String::new(),
    };
    let _turn = Lock::hold(&[&name, TURN].concat()).await;
    if matches!(task, CopyTask::Remove { .. }) && is_missing(&name).await == Ok(true) {
        return Some(Vec::new());
    }
    let database = open(&name).await.ok()?;
    let done = work(&database, task, &tab).await;
    // Closing cannot fail, and nothing waits for the deletion.
    let _ = call(&database, "close", &[]);
    let (answer, is_empty) = done.ok()?;
    if is_empty {
        let deleted = call(&factory().ok()?, "deleteDatabase", &[name.into()]).ok()?;
        JsFuture::from(answered(deleted)).await.ok()?;
    }
    Some(answer)
}

/// This tab keeps nothing in the copy, and need not be known to be alive.
pub fn let_go() {
    OWN.set(None);
}

/// Answers what the task does, and whether nothing is left.
async fn work(database: &JsValue, task: CopyTask, tab: &str) -> Result<(Vec<(String, String)>, bool), JsValue> {
    let mut answer = Vec::new();
    match task {
        CopyTask::Put { key, text } => {
            let store = store(database)?;
            match text() {
                Some(text) => drop(put(&store, &key, tab, &text)?),
                None => drop(call(&store, "delete", &[key.into()])?),
            }
        }
        CopyTask::Remove { key } => drop(call(&store(database)?, "delete", &[key.into()])?),
        CopyTask::Take { prefix } => {
            let living = lock::held().await;
            // Where locks do not tell, any tab may be alive.
            if living.iter().any(|name| name == tab) {
                answer = kept(database, &prefix, &living).await?;
            }
            let store = store(database)?;
            for (key, text) in &answer {
                put(&store, &[&prefix, key.as_str()].concat(), tab, text)?;
            }
        }
        CopyTask::Read { prefix } => answer = kept(database, &prefix, &[]).await?,
    }
    let count = JsFuture::from(answered(call(&store(database)?, "count", &[])?)).await?;
    Ok((answer, count.as_f64() == Some(0.0)))
}

/// What is under a prefix, without it, but for what is kept by these tabs.
async fn kept(database: &JsValue, prefix: &str, others: &[String]) -> Result<Vec<(String, String)>, JsValue> {
    let store = store(database)?;
    let ranges = Reflect::get(&window(), &"IDBKeyRange".into())?;
    let range = call(&ranges, "bound", &[prefix.into(), [prefix, LAST].concat().into()])?;
    // Both are asked before either has answered: a transaction ends when nothing is asked of it.
    let keys = answered(call(&store, "getAllKeys", std::slice::from_ref(&range))?);
    let texts = answered(call(&store, "getAll", &[range])?);
    let keys: Array = JsFuture::from(keys).await?.dyn_into()?;
    let texts: Array = JsFuture::from(texts).await?.dyn_into()?;
    let record = |(key, kept): (JsValue, JsValue)| {
        let kept = kept.as_string()?;
        let (tab, text) = kept.split_once('\n')?;
        let is_others = others.iter().any(|name| name == tab);
        let key = key.as_string()?.split_off(prefix.len());
        (!is_others).then(|| (key, text.to_owned()))
    };
    Ok(keys.iter().zip(texts.iter()).filter_map(record).collect())
}

fn put(store: &JsValue, key: &str, tab: &str, text: &str) -> Result<JsValue, JsValue> {
    call(store, "put", &[[tab, "\n", text].concat().into(), key.into()])
}

/// This tab's name, under which it is known to be alive from now on.
async fn own_name() -> String {
    if let Some(name) = OWN.with_borrow(|own| own.as_ref().map(|(name, _)| name.clone())) {
        return name;
    }
    let name = [TAB, mint().as_str()].concat();
    let lock = Lock::hold(&name).await;
    // Browsers keep no page for the way back that holds a lock. One that is back has another name.
    if !LETS_GO.replace(true) {
        let let_go = Closure::<dyn Fn()>::new(|| OWN.set(None));
        // Only names that do not exist are refused.
        let _ = window().add_event_listener_with_callback("pagehide", let_go.as_ref().unchecked_ref());
        let_go.forget();
    }
    OWN.with_borrow_mut(|own| own.get_or_insert((name, lock)).0.clone())
}

/// The store, in a transaction of its own that may write.
fn store(database: &JsValue) -> Result<JsValue, JsValue> {
    let transaction = call(database, "transaction", &[STORE.into(), "readwrite".into()])?;
    call(&transaction, "objectStore", &[STORE.into()])
}

async fn open(name: &str) -> Result<JsValue, JsValue> {
    let request = call(&factory()?, "open", &[name.into(), 1.into()])?;
    let opening = request.clone();
    let on_first = Closure::once_into_js(move || {
        // One that cannot be made has no store, and is refused when it is used.
        let _ = Reflect::get(&opening, &"result".into())
            .and_then(|database| call(&database, "createObjectStore", &[STORE.into()]));
    });
    Reflect::set(&request, &"onupgradeneeded".into(), &on_first)?;
    JsFuture::from(answered(request)).await
}

/// Whether there is no such database. Looking makes none.
async fn is_missing(name: &str) -> Result<bool, JsValue> {
    let asked: Promise = call(&factory()?, "databases", &[])?.dyn_into()?;
    let there: Array = JsFuture::from(asked).await?.dyn_into()?;
    let is_it = |one: JsValue| Reflect::get(&one, &"name".into()).is_ok_and(|found| found == *name);
    Ok(!there.iter().any(is_it))
}

fn factory() -> Result<JsValue, JsValue> {
    Reflect::get(&window(), &"indexedDB".into())
}

/// The result of a request, once it is there.
fn answered(request: JsValue) -> Promise {
    Promise::new(&mut |resolve, reject| {
        let asked = request.clone();
        let on_success = Closure::once_into_js(move || {
            let result = Reflect::get(&asked, &"result".into()).unwrap_or_default();
            // Settling a promise cannot fail.
            let _ = resolve.call1(&JsValue::UNDEFINED, &result);
        });
        // Setting a member of a request cannot fail.
        let _ = Reflect::set(&request, &"onsuccess".into(), &on_success);
        let _ = Reflect::set(&request, &"onerror".into(), &reject);
    })
}

fn call(target: &JsValue, name: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let function: Function = Reflect::get(target, &name.into())?.dyn_into()?;
    function.apply(target, &arguments.iter().collect())
}
