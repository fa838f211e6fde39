//! Pages that were written for another chat: each is that chat's own snippet, with the address of its script changed.

use crate::people::{MESSAGE, Shopper};
use crate::site::{HTML, Site, UNNAMED_LAUNCHER};
use portico_tests::api::{now, site_token};
use portico_tests::browser::Browser;
use portico_tests::relay::SITE_KEY;
use serde_json::{Value, json};

/// A visitor on a page with this in it. What the page's handlers are told stands in `told`.
async fn visits(site: &Site, snippet: &str) -> Shopper {
    let page = format!(
        "<!doctype html><html lang=\"en\"><title>Shop</title><body><script>window.told = []</script>{snippet}</body></html>"
    );
    site.serves("/", HTML, &page);
    let browser = Browser::open("shopper").await;
    browser.goto(&site.address("/")).await;
    Shopper { browser }
}

/// Waits until the page's handlers were told all of these.
async fn told(browser: &Browser, expected: &[&str]) {
    browser.out_of_chat();
    let script = "
        if (arguments[0].every((one) => told.includes(one))) return true;
        throw new Error(JSON.stringify(told))";
    browser.until("the page is told", script, json!([expected])).await;
}

/// The window is there, and can be written in.
async fn is_open(browser: &Browser) {
    browser.into_chat();
    browser.sees("textbox", MESSAGE).await;
    browser.out_of_chat();
}

/// What the frame was last told of the page, waited for.
pub(crate) async fn is_told(browser: &Browser, what: &str, script: &str) -> Value {
    browser.into_chat();
    let script = format!(
        "const init = window.__seen.told.findLast((message) => message.type === 'init'); return init && ({script})"
    );
    let found = browser.until(what, &script, json!([])).await;
    browser.out_of_chat();
    found
}

async fn has_thrown_nothing(browser: &Browser) {
    assert_eq!(browser.seen().await.errors, [""; 0]);
}

#[tokio::test]
async fn a_page_for_chatwoot_has_the_chat() {
    let site = Site::start().await;
    let snippet = "<script>
        window.chatwootSettings = { position: 'left', type: 'expanded_bubble', launcherTitle: 'Chat with us', locale: 'en', darkMode: 'auto' };
        for (const name of ['ready', 'opened', 'closed', 'on-message']) addEventListener('chatwoot:' + name, () => told.push(name));
        addEventListener('chatwoot:on-message', ({ detail }) => told.push(`${detail.content} ${detail.message_type}`));
        addEventListener('chatwoot:ready', () => {
          window.$chatwoot.setUser('4711', { name: 'Jane Doe', email: 'jane@shop.example', customer_id: '1', identifier_hash: 'a proof', custom: { is: 'left out' } });
          window.$chatwoot.setCustomAttributes({ plan: 'gold' });
          window.$chatwoot.setConversationCustomAttributes({ order: 66 });
          window.$chatwoot.setLabel('vip');
        });
        (function(d,t) {
          var BASE_URL=\"RELAY\";
          var g=d.createElement(t),s=d.getElementsByTagName(t)[0];
          g.src=BASE_URL+\"/shims/chatwoot.js?channel=guest\";
          g.async = true;
          s.parentNode.insertBefore(g,s);
          g.onload=function(){
            window.chatwootSDK.run({ websiteToken: 'Zm9yIG5vYm9keQ', baseUrl: BASE_URL })
          }
        })(document,\"script\");
      </script>";
    let shopper = visits(&site, snippet).await;
    let browser = &shopper.browser;
    told(browser, &["ready"]).await;
    browser.run("$chatwoot.toggle('open')", json!([])).await;
    told(browser, &["opened"]).await;
    is_open(browser).await;
    assert_eq!(browser.run("return $chatwoot.isOpen", json!([])).await, true);
    let all = "init.data?.label_vip && [init.data.customer_id, init.data.email, init.data.plan, init.data.order, init.data.custom ?? init.data.identifier_hash ?? null, init.position]";
    assert_eq!(
        is_told(browser, "the chat knows the user", all).await,
        json!(["4711", "jane@shop.example", "gold", 66, null, "start"])
    );
    browser.into_chat();
    shopper.is_greeted(&site.bot).await;
    told(browser, &["on-message", "Hello. 1"]).await;
    let changes =
        "$chatwoot.deleteCustomAttribute('plan'); $chatwoot.setLocale('de'); $chatwoot.setColorScheme('dark')";
    browser.run(changes, json!([])).await;
    let all = "init.locale === 'de' && init.theme === 'dark' && [init.data.plan, init.data.email]";
    assert_eq!(
        is_told(browser, "the chat is changed", all).await,
        json!([null, "jane@shop.example"])
    );
    browser.into_chat();
    browser.sees("textbox", "Nachricht").await;
    let scheme = "return document.documentElement.dataset.theme";
    assert_eq!(browser.run(scheme, json!([])).await, "dark");
    browser.out_of_chat();
    let ends = "$chatwoot.popoutChatWindow(); $chatwoot.toggle(); $chatwoot.toggleBubbleVisibility('hide')";
    browser.run(ends, json!([])).await;
    told(browser, &["closed"]).await;
    browser.no_longer_sees("button", UNNAMED_LAUNCHER).await;
    let ends = "$chatwoot.toggleBubbleVisibility('show'); $chatwoot.reset()";
    browser.run(ends, json!([])).await;
    browser.sees("button", UNNAMED_LAUNCHER).await;
    has_thrown_nothing(browser).await;
}

#[tokio::test]
pub(crate) async fn a_page_for_intercom_has_the_chat() {
    let site = Site::start().await;
    let snippet = "<button id=help>Help me</button><script>
        window.intercomSettings = { api_base: 'https://api-iam.intercom.io', app_id: 'abc123', user_id: '4711', email: 'jane@shop.example',
          created_at: 1312182000, theme_mode: 'system', hide_notifications: true, alignment: 'left', z_index: 77, horizontal_padding: 31, custom_launcher_selector: '#help', hide_default_launcher: true };
        (function(){var w=window;var ic=w.Intercom;if(typeof ic===\"function\"){ic('reattach_activator');ic('update',w.intercomSettings);}else{var d=document;var i=function(){i.c(arguments);};i.q=[];i.c=function(args){i.q.push(args);};w.Intercom=i;var l=function(){var s=d.createElement('script');s.type='text/javascript';s.async=true;s.src='RELAY/shims/intercom.js?channel=guest';var x=d.getElementsByTagName('script')[0];x.parentNode.insertBefore(s,x);};if(document.readyState==='complete'){l();}else if(w.attachEvent){w.attachEvent('onload',l);}else{w.addEventListener('load',l,false);}}})();
        Intercom('onShow', () => told.push('shown'));
        Intercom('onHide', () => told.push('hidden'));
        Intercom('onUnreadCountChange', (count) => told.push('unread ' + count));
        Intercom('trackEvent', 'invited-friend', { count: 3 });
        Intercom('hideNotifications', true);
      </script>";
    let shopper = visits(&site, snippet).await;
    let browser = &shopper.browser;
    let there = "return document.querySelector('portico-chat')";
    browser.until("the launcher is made", there, json!([])).await;
    assert!(!browser.has("button", UNNAMED_LAUNCHER).await, "the page hides it");
    browser.press("button", "Help me").await;
    told(browser, &["shown", "unread 0"]).await;
    is_open(browser).await;
    let all = "init.data?.last_event && [init.data.email, init.data.created_at, init.data.last_event, init.zIndex, init.position, init.side, init.data.hide_notifications ?? null]";
    assert_eq!(
        is_told(browser, "the chat knows the user", all).await,
        json!([
            "jane@shop.example",
            1_312_182_000,
            "invited-friend",
            77,
            "start",
            31,
            null
        ])
    );
    browser.into_chat();
    shopper.is_greeted(&site.bot).await;
    site.bot.will_say("Hello again.");
    browser.out_of_chat();
    browser
        .run(
            "Intercom('hide'); Intercom('startConversation', 'Once more'); Intercom('showConversation', '123')",
            json!([]),
        )
        .await;
    browser.into_chat();
    shopper.reads(&["Hello", "Hello.", "Once more", "Hello again."]).await;
    browser.out_of_chat();
    browser
        .run(
            "Intercom('hide'); Intercom('startTour', 7); Intercom('update', null)",
            json!([]),
        )
        .await;
    told(browser, &["hidden"]).await;
    assert!(
        !browser.has("button", UNNAMED_LAUNCHER).await,
        "the page hides it still"
    );
    browser.run("Intercom('showNewMessage', 'A draft')", json!([])).await;
    browser.into_chat();
    let draft = "return named('textbox', arguments[0])?.value === 'A draft'";
    browser.until("the draft is there", draft, json!([MESSAGE])).await;
    browser.out_of_chat();
    let again = "
        Intercom('update', { email: 'other@shop.example', hide_default_launcher: false });
        Intercom('shutdown');
        const gone = !document.querySelector('portico-chat');
        Intercom('boot', { app_id: 'abc123', hide_default_launcher: false });
        return gone";
    assert_eq!(browser.run(again, json!([])).await, true);
    browser.sees("button", UNNAMED_LAUNCHER).await;
    has_thrown_nothing(browser).await;
}

#[tokio::test]
async fn a_page_for_zendesk_has_the_chat() {
    let site = Site::start().await;
    let snippet = "<script>
        window.zESettings = { webWidget: { color: { theme: '#0a7a55' }, position: { horizontal: 'left' }, offset: { vertical: '90px' }, zIndex: 88 } };
      </script>
      <script id=\"ze-snippet\" src=\"RELAY/shims/zendesk.js?channel=guest\"></script>
      <script>
        zE('messenger:on', 'open', () => told.push('open'));
        zE('messenger:on', 'open', () => told.push('of no use any more'))();
        const stops = zE('webWidget:on', 'close', () => told.push('once'));
        zE('messenger:set', 'customization', { theme: { primary: '#7a0a55', message: '#f3c178' } });
        zE('webWidget:on', 'close', () => told.push('close'));
        zE('webWidget:on', 'chat:start', () => told.push('start'));
        zE('messenger:set', 'conversationFields', [{ id: '4711', value: 'Ridge 2' }]);
        zE('messenger:set', 'conversationTags', ['tents']); zE('webWidget', 'chat:addTags', ['vip', 'tents']);
        zE('webWidget', 'identify', { name: 'Jane Doe', email: 'jane@shop.example' });
        zE(() => told.push('called'));
      </script>";
    let shopper = visits(&site, snippet).await;
    let browser = &shopper.browser;
    browser.sees("button", UNNAMED_LAUNCHER).await;
    browser.run("zE('messenger', 'open')", json!([])).await;
    told(browser, &["open", "called"]).await;
    is_open(browser).await;
    let all = "init.data?.tags && [init.data.field_4711, init.data.tags, init.data.email, init.accent, init.zIndex, init.position, init.bottom]";
    assert_eq!(
        is_told(browser, "the chat knows the user", all).await,
        json!([
            "Ridge 2",
            "tents, vip",
            "jane@shop.example",
            "#7a0a55",
            88,
            "start",
            "90px"
        ])
    );
    site.bot.will_say("Hello.");
    browser
        .run("zE('webWidget', 'chat:send', 'From the page')", json!([]))
        .await;
    browser.into_chat();
    shopper.reads(&["From the page", "Hello."]).await;
    told(browser, &["start"]).await;
    site.bot.will_say("And that?");
    let sends = "
        const message = { content: { type: 'text', text: 'From its API' }, metadata: { order: '66' } };
        const answers = [zE('messenger', 'sendMessage', message, 'c-1', (error, { id }) => told.push([error, typeof id].join())), stops()];
        zE('messenger', 'sendMessage', message.content, 'c-1', () => told.push('never'));
        return answers";
    assert_eq!(browser.run(sends, json!([])).await, json!([null, null]));
    browser.into_chat();
    shopper
        .reads(&["From the page", "Hello.", "From its API", "And that?"])
        .await;
    told(browser, &[",string"]).await;
    let ends = "
        zE('webWidget', 'toggle'); zE('webWidget', 'prefill'); zE('messenger:set', 'conversationFields'); zE('messenger:set', 'locale', 'de'); zE('messenger', 'noSuchThing'); zE.hide();
        zE('messenger', 'loginUser', (give) => told.push(typeof give))";
    browser.run(ends, json!([])).await;
    told(browser, &["close", "function"]).await;
    let void = "return told.filter((one) => ['of no use any more', 'once', 'never'].includes(one))";
    assert_eq!(browser.run(void, json!([])).await, json!([]));
    browser.no_longer_sees("button", UNNAMED_LAUNCHER).await;
    has_thrown_nothing(browser).await;
}

/// What the site's back end signs with.
pub(crate) fn keys() -> String {
    format!(
        "[[channels.guest.keys]]\nkid = \"site\"\nalgorithm = \"HS256\"\nkey = \"{SITE_KEY}\"\n\
         issuer = \"https://site.example\"\naudience = \"portico\"\n"
    )
}

#[tokio::test]
async fn a_page_for_zendesk_signs_its_user_in_and_hands_over_the_next_token() {
    let site = Site::start_with(&keys()).await;
    let snippet = "<script id=\"ze-snippet\" src=\"RELAY/shims/zendesk.js?channel=guest\"></script>";
    let shopper = visits(&site, snippet).await;
    let browser = &shopper.browser;
    browser.sees("button", UNNAMED_LAUNCHER).await;
    let token = |ends: u64| site_token(&json!({ "sub": "c-1", "name": "Maja", "exp": now() + ends }));
    let (first, next) = (token(60), token(600));
    let signs_in = "zE('messenger', 'loginUser', (give) => give(arguments[0])); zE('messenger', 'open')";
    browser.run(signs_in, json!([first])).await;
    is_open(browser).await;
    browser.into_chat();
    shopper.is_greeted(&site.bot).await;
    browser.out_of_chat();
    browser.run(signs_in, json!([next])).await;
    let has = format!("init.identity === {}", json!(next));
    assert_eq!(is_told(browser, "the chat has the next token", &has).await, true);
    browser.into_chat();
    shopper.reads(&["Hello", "Hello."]).await;
    browser.out_of_chat();
    has_thrown_nothing(browser).await;
}

#[tokio::test]
async fn a_page_for_zendesk_is_asked_for_a_token_when_the_one_that_it_gave_has_ended() {
    let site = Site::start_with(&keys()).await;
    let snippet = "<script id=\"ze-snippet\" src=\"RELAY/shims/zendesk.js?channel=guest\"></script>";
    let shopper = visits(&site, snippet).await;
    let browser = &shopper.browser;
    browser.sees("button", UNNAMED_LAUNCHER).await;
    let token = |ends: u64| site_token(&json!({ "sub": "c-1", "exp": now() + ends }));
    let signs_in = "
        window.asked = 0;
        const tokens = arguments[0];
        zE('messenger', 'loginUser', (give) => give(tokens[asked++]));
        zE('messenger', 'open')";
    browser.run(signs_in, json!([[token(7), token(600)]])).await;
    is_open(browser).await;
    browser.into_chat();
    shopper.is_greeted(&site.bot).await;
    browser.out_of_chat();
    browser
        .until("it is asked again", "return asked === 2", json!([]))
        .await;
    browser.into_chat();
    site.bot.will_say("Still here.");
    shopper.says("Are you there?").await;
    shopper.hears("Still here.").await;
    browser.out_of_chat();
    has_thrown_nothing(browser).await;
}

#[tokio::test]
async fn a_token_for_zendesk_that_comes_after_the_logout_or_a_later_question_counts_no_more() {
    let site = Site::start_with(&keys()).await;
    let snippet = "<script id=\"ze-snippet\" src=\"RELAY/shims/zendesk.js?channel=guest\"></script>";
    let shopper = visits(&site, snippet).await;
    let browser = &shopper.browser;
    browser.sees("button", UNNAMED_LAUNCHER).await;
    let token = |subject| site_token(&json!({ "sub": subject }));
    let leaves = "
        window.given = [];
        const signsIn = (give) => given.push(give);
        zE('messenger', 'loginUser', signsIn);
        zE('messenger', 'logoutUser');
        given[0](arguments[0]);
        zE('messenger', 'open')";
    browser.run(leaves, json!([token("c-1")])).await;
    is_open(browser).await;
    assert_eq!(
        is_told(browser, "the chat is nobody's", "init && !init.identity").await,
        true
    );
    let asks_twice = "
        const signsIn = (give) => given.push(give);
        zE('messenger', 'loginUser', signsIn);
        zE('messenger', 'loginUser', signsIn);
        given[2](arguments[1]);
        given[1](arguments[0])";
    let (old, new) = (token("c-1"), token("c-2"));
    browser.run(asks_twice, json!([old, new])).await;
    browser.run("zE('webWidget', 'updatePath')", json!([])).await;
    let has = format!("init.identity === {}", json!(new));
    assert_eq!(is_told(browser, "the later token counts", &has).await, true);
    has_thrown_nothing(browser).await;
}

#[tokio::test]
async fn a_page_for_cim_has_the_chat() {
    let site = Site::start().await;
    let snippet = "<script>
        addEventListener('message', ({ data }) => told.push([data.type, data.state].join(' ').trim()));
        var __cim = __cim || {};
        __cim.customerWidgetUrl = 'https://cx.example/customer-widget';
        __cim.widgetIdentifier = 'web';
        __cim.serviceIdentifier = 'guest';
        __cim.msisdn = '1000001';
        __cim.systemInfo = { browserId: '', browserName: 'chrome', deviceType: 'desktop' };
        (function (d) {
          var s = d.createElement('script');
          s.async = true;
          s.charset = 'UTF-8';
          s.src = 'RELAY/shims/cim.js';
          d.head.appendChild(s);
        })(document);
      </script>";
    let shopper = visits(&site, snippet).await;
    let browser = &shopper.browser;
    told(browser, &["EF_WIDGET_LOADED"]).await;
    browser.press("button", UNNAMED_LAUNCHER).await;
    is_open(browser).await;
    let all = "[init.data?.msisdn, init.data?.device_type, init.data?.browser_id ?? null, init.channel]";
    assert_eq!(
        is_told(browser, "the chat knows the page", all).await,
        json!(["1000001", "desktop", null, "guest"])
    );
    browser.into_chat();
    shopper.is_greeted(&site.bot).await;
    browser.out_of_chat();
    browser.run("Portico('close')", json!([])).await;
    told(browser, &["EF_WIDGET_STATE_CHANGED CHAT_MINIMIZED"]).await;
    has_thrown_nothing(browser).await;
}
