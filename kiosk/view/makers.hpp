// SPDX-License-Identifier: EUPL-1.2
// One maker per place and overlay; make_screen has already filled what all screens share. Private
// to kiosk/view.
#pragma once

#include "kiosk/view/parts.hpp"

namespace view {

void fill(Screen& screen, const Look& look, const core::Start& at);
void fill(Screen& screen, const Look& look, const core::Home& at);
void fill(Screen& screen, const Look& look, const core::Offers& at);
void fill(Screen& screen, const Look& look, const core::Offered& at);
void fill(Screen& screen, const Look& look, const core::AskAgain& at);
void fill(Screen& screen, const Look& look, const core::Duration& at);
void fill(Screen& screen, const Look& look, const core::Insight& at);
void fill(Screen& screen, const Look& look, const core::CardWait& at);
void fill(Screen& screen, const Look& look, const core::CardAsk& at);
void fill(Screen& screen, const Look& look, const core::PinPad& at);
void fill(Screen& screen, const Look& look, const core::CanExplain& at);
void fill(Screen& screen, const Look& look, const core::CanPad& at);
void fill(Screen& screen, const Look& look, const core::CardReading& at);
void fill(Screen& screen, const Look& look, const core::Review& at);
void fill(Screen& screen, const Look& look, const core::Saving& at);
void fill(Screen& screen, const Look& look, const core::Done& at);
void fill(Screen& screen, const Look& look, const core::MyReleases& at);
void fill(Screen& screen, const Look& look, const core::TakeBack& at);
void fill(Screen& screen, const Look& look, const core::CardGone& at);
void fill(Screen& screen, const Look& look, const core::Failed& at);

void fill(Screen& screen, const Look& look, const core::LanguageMenu& over);
void fill(Screen& screen, const Look& look, const core::HelpPage& over);
void fill(Screen& screen, const Look& look, const core::PinHelp& over);
void fill(Screen& screen, const Look& look, const core::StillThere& over);
/// Contacts of the entry in question, or of all authorities.
void fill_contacts(Screen& screen, const Look& look, const core::Place& under);

/// Rows "who is responsible, who protects the data, where to complain" of these authorities.
void add_contact_rows(std::vector<Row>& rows, const Look& look,
                      const std::vector<std::string>& authorities);
/// The languages of this site.
[[nodiscard]] std::vector<Language> language_buttons(const Look& look);
/// The decision pair of an act (design.md 4), ids "<prefix>.yes" and "<prefix>.no".
[[nodiscard]] DecisionPair pair_of(core::ActType act, const std::string& prefix);

}  // namespace view
