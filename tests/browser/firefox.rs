//! The main ways through the product once more, in Firefox: the very tests that Chromium passes, which stand where they are
//! described. One that asks for what only the DevTools protocol can do has no place here.

use portico_tests::browser::Program;

/// Runs tests of this crate in Firefox.
macro_rules! in_firefox {
    ($($module:ident: $($test:ident),+;)+) => {
        $(mod $module {
            $(
                #[test]
                fn $test() {
                    super::Program::Firefox.runs(crate::$module::$test);
                }
            )+
        })+
    };
}

in_firefox! {
    chat:
        on_a_phone_it_fills_the_screen_and_nothing_runs_out_of_it_in_arabic_either;
    consent:
        a_page_that_has_asked_hands_the_answer_over_and_one_about_other_terms_does_not_count;
    conversation:
        the_first_message_starts_a_conversation_and_the_bot_answers,
        a_reload_keeps_the_conversation_and_the_draft,
        two_tabs_show_the_same,
        a_keyboard_is_enough_and_a_screen_reader_hears_each_message_once;
    embedding:
        a_page_with_a_strict_policy_sees_no_violation,
        on_another_site_the_chat_works_and_is_kept_for_that_site_alone;
    faults:
        each_message_arrives_once_and_in_order_when_the_relay_is_killed_while_both_sides_write;
    files:
        a_file_that_was_uploaded_too_long_ago_is_uploaded_again_before_it_is_posted;
    first_screen:
        what_is_typed_before_the_program_runs_is_kept_as_it_stands,
        what_is_sent_before_the_program_runs_is_sent_once_and_in_order;
    handover:
        a_bot_hands_over_to_an_agent_and_is_there_again_when_the_agent_leaves;
    pages:
        a_page_that_throws_its_body_away_keeps_one_launcher_and_its_chat,
        the_tag_works_in_xhtml_and_as_a_module;
    prechat:
        what_was_entered_survives_a_reload_and_what_the_page_knows_stands_there;
    script_tag:
        a_language_is_spoken_when_it_is_known_and_english_when_it_is_not,
        the_keyboard_goes_back_to_the_button_of_what_it_folds;
    shims:
        a_page_for_intercom_has_the_chat;
    tabs:
        a_form_that_one_tab_has_sent_is_sent_in_the_other;
    theming:
        an_element_that_comes_later_takes_the_chat;
    without:
        a_customer_whom_the_page_signs_in_has_its_own_chat_on_the_plain_page;
}
