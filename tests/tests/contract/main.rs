//! What the ports promise, asked of both worlds that keep it: the landing zone's
//! own ports with the ledger in memory, and the real adapters over the local cloud.
//! Each case runs in both, so that they cannot drift apart.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test ends where something is not as it must be"
)]

mod access;
mod adapters;
mod batches;
mod claims;
mod entries;
mod factory;
mod in_memory;
mod launch_path;
mod launches;
mod ledger;
mod members;
mod orders;
mod outside;
mod queue;
mod source;
mod world;

/// Makes a test of each case in each world; `in` names the landing zone, unless it is the usual one.
macro_rules! contract {
    ($($module:ident :: $case:ident $(in $zone:path)?;)*) => {
        mod ports {
            $(#[tokio::test]
            async fn $case() {
                let describe = contract!(@zone $($zone)?);
                crate::$module::$case(&crate::in_memory::InMemory::new(&describe())).await;
            })*
        }

        mod wire {
            $(#[tokio::test]
            async fn $case() {
                let describe = contract!(@zone $($zone)?);
                crate::$module::$case(&crate::adapters::Adapters::open(describe()).await).await;
            })*
        }
    };
    (@zone) => { crate::world::usual };
    (@zone $zone:path) => { $zone };
}

contract! {
    ledger::an_admitted_entry_is_there_with_its_claim_and_is_counted;
    ledger::an_entry_in_any_state_comes_back_as_it_was_saved;
    ledger::a_history_comes_back_line_by_line;
    ledger::what_stands_there_by_now_is_not_admitted_over;
    ledger::an_email_is_claimed_once_whatever_its_case;
    ledger::an_email_that_is_given_up_is_free_unless_an_account_has_it;
    ledger::more_than_a_hundred_are_admitted_and_each_is_answered_in_its_place;
    ledger::an_old_version_is_not_saved_over_a_new_one;
    ledger::what_is_not_there_is_left_out;

    queue::the_queue_is_in_file_order_and_older_first;
    queue::what_waits_is_not_in_the_queue_until_its_time;
    queue::what_is_to_be_done_is_open_until_it_is_done;

    claims::slots_are_taken_up_to_the_width_and_no_further;
    claims::who_has_a_slot_may_claim_again_when_all_are_taken;
    claims::a_claim_on_an_old_version_takes_no_slot;
    claims::nothing_is_claimed_while_launching_is_held;
    claims::the_longer_hold_counts;
    claims::nothing_is_claimed_while_launching_is_paused;
    claims::a_pause_is_marked_as_announced_only_while_it_lasts;
    claims::who_paused_and_who_resumed_is_kept;
    claims::the_last_tick_that_ended_is_noted;
    claims::a_streak_is_remembered_until_it_is_forgotten;
    claims::a_slot_is_free_when_its_launch_ends;
    claims::how_long_the_last_launches_took_is_kept;
    claims::an_overdue_launch_keeps_its_slot;
    claims::the_slot_of_an_entry_that_was_deleted_is_freed_by_name;

    batches::a_batch_is_unknown_until_its_facts_are_saved;
    batches::a_batch_is_open_until_it_is_closed;
    batches::a_batch_is_not_closed_while_rows_remain;
    batches::a_batch_is_closed_with_the_counts_that_were_told_alone;
    batches::a_row_that_is_admitted_opens_its_batch_again;
    batches::saving_facts_leaves_the_counts;
    batches::every_status_is_counted_in_its_column;
    batches::a_queued_entry_that_moves_is_counted_where_it_is;
    batches::a_failed_entry_that_moves_stays_counted_where_it_failed;
    batches::a_failed_entry_queued_again_by_its_own_batch_is_counted_once;
    batches::an_account_made_after_all_is_counted_as_such;
    batches::the_entries_of_a_batch_come_by_line;

    outside::so_many_have_a_turn_and_no_more;
    outside::a_turn_is_taken_and_given_back_any_number_of_times;
    outside::a_turn_that_nobody_gives_back_ends;
    outside::who_takes_a_turn_learns_whether_it_had_one;
    outside::an_account_made_outside_is_written_over_the_version_before_only;
    outside::an_account_made_outside_is_open_until_it_is_closed;
    outside::what_is_asked_for_is_kept_with_who_asked;
    outside::a_closed_account_is_opened_again_and_of_two_who_write_one_wins;

    orders::a_portfolio_file_is_open_until_it_is_closed;
    orders::orders_that_are_there_are_not_put_in_again;
    orders::an_order_in_any_state_comes_back_as_it_was_saved;
    orders::an_order_is_written_over_the_version_before_only;
    orders::units_are_found_by_id_and_listed_registered_or_not;
    orders::the_accounts_in_a_unit_are_those_below_it_too;
    orders::a_share_with_a_unit_is_followed_to_its_end;
    orders::a_share_with_a_unit_names_whom_it_did_not_reach;
    orders::a_share_with_no_unit_is_refused;

    factory::units_are_those_that_are_registered;
    factory::without_a_launch_path_nothing_can_be_launched in crate::world::without_launch_path;
    factory::the_same_token_gets_the_same_answer;
    factory::a_name_in_use_is_told_apart_from_a_refusal;
    factory::a_refusal_has_the_code_and_the_words;
    factory::a_unit_that_is_not_registered_is_refused;

    launches::a_product_nobody_asked_for_is_none;
    launches::a_launch_under_way_tells_no_account;
    launches::a_launch_that_ended_well_tells_its_account;
    launches::a_launch_that_failed_says_why_and_never_succeeded;
    launches::a_tainted_product_tells_whether_it_ever_succeeded;
    launches::a_discarded_product_is_gone_and_its_name_is_free;
    launches::a_product_that_succeeded_is_never_discarded;
    launches::a_termination_that_failed_is_asked_for_again;

    launch_path::the_portfolio_of_account_factory_is_control_towers;
    launch_path::the_way_is_open_once_the_role_is_associated_and_closed_after in crate::world::without_launch_path;
    launch_path::a_role_is_associated_once_and_beside_others;
    launch_path::a_portfolio_that_is_gone_is_refused_and_needs_no_ending;

    access::accounts_are_listed_and_found_by_id;
    access::principals_and_permission_sets_are_found_by_name;
    access::ids_are_looked_up_like_names;
    access::what_is_gone_is_refused;
    access::an_unknown_name_is_told_with_the_nearest;
    access::an_assignment_is_followed_to_its_end;
    access::one_assignment_at_a_time_in_an_account;
    access::at_most_ten_assignments_are_under_way in crate::world::with_many_accounts;
    access::an_assignment_that_fails_says_why in crate::world::with_many_accounts;
    access::a_portfolio_is_found_by_name_or_id in crate::world::with_twin_portfolios;
    access::a_share_is_followed_to_its_end;
    access::a_share_that_is_lost_is_known_to_nobody;
    access::a_share_with_errors_fails;
    access::a_share_with_nobody_is_refused;

    members::what_comes_by_the_organization_needs_no_acceptance;
    members::an_invitation_is_seen_once_it_is_accepted;
    members::a_share_with_a_unit_reaches_what_is_below;
    members::a_share_with_the_organization_reaches_every_account;
    members::nothing_reaches_anybody_of_a_portfolio_that_is_gone;
    members::a_principal_has_to_be_in_the_account;
    members::the_role_of_a_permission_set_comes_with_its_assignment;
    members::a_local_portfolio_is_made_once_and_filled;
    members::a_local_product_is_launched_by_one_role;
    members::a_tag_option_is_given_once;
    members::without_a_role_to_assume_there_is_no_way_in in crate::world::with_roles_that_come_later;

    source::a_list_is_read_in_the_version_that_is_named;
    source::what_is_not_there_is_gone;
    source::a_list_that_is_too_long_is_unreadable;
    source::results_are_written_where_they_are_looked_for;
    source::a_results_file_is_written_over_the_revision_that_was_read_only;
    source::a_results_file_that_is_gone_is_made_once;
    source::a_notice_is_published_with_its_subject_and_kind;
}
