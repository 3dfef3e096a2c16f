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
void fill(Screen& screen, const Look& look, const core::AskAccess& at);
void fill(Screen& screen, const Look& look, const core::CardWait& at);
void fill(Screen& screen, const Look& look, const core::CardAsk& at);
void fill(Screen& screen, const Look& look, const core::PinPad& at);
void fill(Screen& screen, const Look& look, const core::CanExplain& at);
void fill(Screen& screen, const Look& look, const core::CanPad& at);
void fill(Screen& screen, const Look& look, const core::LetterPin& at);
void fill(Screen& screen, const Look& look, const core::NewPinPad& at);
void fill(Screen& screen, const Look& look, const core::NewPinAgain& at);
void fill(Screen& screen, const Look& look, const core::PukExplain& at);
void fill(Screen& screen, const Look& look, const core::PukPad& at);
void fill(Screen& screen, const Look& look, const core::CardWriting& at);
void fill(Screen& screen, const Look& look, const core::PinDone& at);
void fill(Screen& screen, const Look& look, const core::CardReading& at);
void fill(Screen& screen, const Look& look, const core::Review& at);
void fill(Screen& screen, const Look& look, const core::Saving& at);
void fill(Screen& screen, const Look& look, const core::Done& at);
void fill(Screen& screen, const Look& look, const core::MyReleases& at);
void fill(Screen& screen, const Look& look, const core::TakeBack& at);
void fill(Screen& screen, const Look& look, const core::SlipAsk& at);
void fill(Screen& screen, const Look& look, const core::SlipRefused& at);
void fill(Screen& screen, const Look& look, const core::ForgetCopy& at);
void fill(Screen& screen, const Look& look, const core::CardGone& at);
void fill(Screen& screen, const Look& look, const core::Failed& at);

void fill(Screen& screen, const Look& look, const core::LanguageMenu& over);
void fill(Screen& screen, const Look& look, const core::PinHelp& over);
void fill(Screen& screen, const Look& look, const core::StillThere& over);
/// Help for the place under it: the PIN only where its care can begin.
void fill_help(Screen& screen, const Look& look, const core::HelpPage& over,
               const core::Place& under);
/// The present PIN before it is changed.
void fill_old_pin(Screen& screen, const core::PinPad& at);
/// Contacts of the entry in question, of who made an access, or of all authorities.
void fill_contacts(Screen& screen, const Look& look, const core::Contacts& over,
                   const core::Place& under);

/// Rows "who is responsible, who protects the data, where to complain" of these authorities.
void add_contact_rows(std::vector<Row>& rows, const Look& look,
                      const std::vector<std::string>& authorities);
/// Why nothing is known of what authorities hold and did; false if there is no such reason.
/// no_line: its first line if the backend is out of reach.
bool add_lookup_note(Screen& screen, const Look& look, core::Lookup::Stage stage, Text no_line);
/// Asks once more, or on.
[[nodiscard]] Button again_button();
/// Boxes and keys for a number of `total` digits.
struct Typed {
    std::size_t entered = 0;
    std::uint8_t total = 6;
};
void add_pad(Screen& screen, Typed typed, Text label);
[[nodiscard]] Note card_lies_right();
/// The card on its field, and "lies right" beside it.
void add_card_lies_right(Screen& screen);
/// What a wrong PIN costs, if any try was lost.
void add_tries(Screen& screen, const core::PinPad& at);
/// That taking back works with a slip, too; nothing where no reader is.
[[nodiscard]] std::optional<Note> slip_note(const Look& look);
/// A person, for whoever has no PIN.
[[nodiscard]] Button without_pin_button();
/// Who sets a new PIN if nobody knows it.
[[nodiscard]] Paragraph pin_office();
/// Who helps if nobody knows the PUK.
[[nodiscard]] Paragraph puk_office();
/// The way to the PUK.
[[nodiscard]] Tile unblock_tile();
/// The languages of this site.
[[nodiscard]] std::vector<Language> language_buttons(const Look& look);
/// The ids of the recipients that were chosen.
[[nodiscard]] std::vector<std::string> chosen_of(const consent::Entry& entry,
                                                 const std::vector<std::size_t>& recipients);
/// What a page that holds nothing but the pair says of a release: to whom, then its two sentences.
[[nodiscard]] std::vector<Text> decision_summary(const Look& look, const consent::Shown& words,
                                                 const std::vector<std::string>& recipients);
/// The decision pair of an act (design.md 4), ids "<prefix>.yes" and "<prefix>.no".
[[nodiscard]] DecisionPair pair_of(core::ActType act, const std::string& prefix);

}  // namespace view
