// SPDX-License-Identifier: EUPL-1.2
// What a screen shows, as values: blocks in reading order, no pixels and no business rule.
// kiosk/view makes a Screen from the state, kiosk/screens lays it out, pages it, draws it and
// registers its widgets; tests compare Screens as values. Order of blocks = order of drawing =
// reading order = focus order = order of speech. Pure data, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace view {

/// Name of the widget, stable and unique on its screen, for example "grant.confirm". Empty = not a
/// target.
using WidgetId = std::string;
/// Name of an icon in assets/icons without suffix, for example "act-give". Empty = none.
using IconName = std::string;

struct Text;

/// A value put into a text at {name}. It is wrapped in isolates (U+2066..U+2069), so that a file
/// number stays whole in Arabic.
struct Arg {
    std::string name;
    std::string value;
    /// date, date_long: value is "YYYY-MM-DD"; time: "HH:MM"; the locale decides how they are
    /// written.
    enum class Kind : std::uint8_t { word, name, number, date, time, date_long } kind = Kind::word;
    friend bool operator==(const Arg&, const Arg&) = default;
};

/// A text to show: either an id of assets/locales with arguments, or a literal that comes from
/// signed data (catalogue, card) with its own language.
struct Text {
    std::string id;  ///< text id, for example "home.title"; empty if `literal` is set
    std::vector<Arg> args;
    std::string literal;     ///< finished text, UTF-8
    std::string language;    ///< BCP 47 of `literal`; empty = language of the screen
    std::int64_t count = 0;  ///< selects the plural form if `args` has a "count"
    enum class Privacy : std::uint8_t { open, personal } privacy = Privacy::open;
    [[nodiscard]] bool empty() const { return id.empty() && literal.empty(); }
    friend bool operator==(const Text&, const Text&) = default;
};

enum class Tone : std::uint8_t { neutral, accent, ok, warn, danger };

struct Button {
    WidgetId id;
    IconName icon;
    Text label;
    std::optional<Text> disabled_because;  ///< set = disabled; spoken and shown when focused
    friend bool operator==(const Button&, const Button&) = default;
};

// Blocks. Each stands for one component of the design reference.

struct Pill {
    Tone tone = Tone::neutral;
    IconName icon;
    Text word;
    friend bool operator==(const Pill&, const Pill&) = default;
};
/// Lines of text; with an icon they stand beside it.
struct Paragraph {
    std::vector<Text> lines;
    bool soft = false;
    IconName icon = {};
    friend bool operator==(const Paragraph&, const Paragraph&) = default;
};
/// A heading inside the page.
struct Label {
    Text text;
    friend bool operator==(const Label&, const Label&) = default;
};
/// One authority by icon and name, in the small flow picture of a tile.
struct Party {
    IconName icon;
    Text name;
    friend bool operator==(const Party&, const Party&) = default;
};
/// One target. With `parties` it shows source -> recipients below its title, with `pill` its state.
/// `sunken`: what the law allows.
struct Tile {
    WidgetId id;
    IconName icon;
    Text title;
    Text line;
    std::optional<Button> inline_button;
    std::vector<Party> parties = {};
    bool both_ways = false;
    std::optional<Pill> pill = {};
    bool sunken = false;
    friend bool operator==(const Tile&, const Tile&) = default;
};
/// Tinted box with border in the tone's colour; the first line is bold in that colour.
struct Note {
    Tone tone = Tone::neutral;
    IconName icon;
    std::vector<Text> lines;
    bool large = false;
    friend bool operator==(const Note&, const Note&) = default;
};
struct Choice {
    WidgetId id;
    IconName icon;
    Text name;
    Text subline;
    bool chosen = false;
    bool exclusive = false;
    friend bool operator==(const Choice&, const Choice&) = default;
};
/// Source -> recipients, read in one look; recipients without id are fixed.
struct FlowPicture {
    Text label;
    IconName source_icon;
    Text source;
    Text source_subline;
    std::vector<Choice> recipients;
    bool both_ways = false;
    friend bool operator==(const FlowPicture&, const FlowPicture&) = default;
};
struct ChoiceList {
    Text label;
    std::vector<Choice> choices;
    friend bool operator==(const ChoiceList&, const ChoiceList&) = default;
};
struct Chip {
    IconName icon;
    Text text;
    friend bool operator==(const Chip&, const Chip&) = default;
};
struct Chips {
    Text label;
    std::vector<Chip> chips;
    Text excluded_label;
    Text excluded;
    friend bool operator==(const Chips&, const Chips&) = default;
};
struct Fact {
    IconName icon;
    Text question;
    std::vector<Text> answer;
    friend bool operator==(const Fact&, const Fact&) = default;
};
/// Two columns of question and answer (one above 160 %).
struct Facts {
    std::vector<Fact> facts;
    friend bool operator==(const Facts&, const Facts&) = default;
};
struct Row {
    IconName icon;
    Text key;
    std::vector<Text> value;
    std::optional<Button> button;
    friend bool operator==(const Row&, const Row&) = default;
};
/// One card of rows with dividers: the whole declaration, or what a card will be asked.
struct Rows {
    std::vector<Row> rows;
    friend bool operator==(const Rows&, const Rows&) = default;
};
struct TrackStep {
    enum class State : std::uint8_t { done, now, later } state = State::later;
    IconName icon;
    Text title;
    Text line;
    friend bool operator==(const TrackStep&, const TrackStep&) = default;
};
struct Track {
    std::vector<TrackStep> steps;
    friend bool operator==(const Track&, const Track&) = default;
};
/// A QR code with words beside it. payload: what the code holds.
struct QrCard {
    std::string payload;
    IconName icon;
    Text title;
    std::vector<Text> lines;
    Text caption;
    friend bool operator==(const QrCard&, const QrCard&) = default;
};
/// Boxes for typed digits; digits are never drawn, only their number.
struct DigitBoxes {
    Text label;
    std::uint8_t entered = 0;
    std::uint8_t total = 6;
    Text progress;
    friend bool operator==(const DigitBoxes&, const DigitBoxes&) = default;
};
struct Tries {
    std::uint8_t left = 3;
    std::uint8_t total = 3;
    Text words;
    friend bool operator==(const Tries&, const Tries&) = default;
};
/// Ten keys, "Löschen" and "Weiter". Widget ids: pad.0 .. pad.9, pad.delete, pad.next.
struct DigitPad {
    bool delete_enabled = false;
    bool next_enabled = false;
    friend bool operator==(const DigitPad&, const DigitPad&) = default;
};
/// A large picture drawn by the screens: where the card goes, where the CAN is, progress of
/// reading.
struct Picture {
    enum class Kind : std::uint8_t {
        card_on_reader,
        card_out,
        can_position,
        reading,
        wrong_card,
        reader_resting,
        pin_letter,
        puk_letter,
        welcome
    } kind = Kind::card_on_reader;
    Text description;
    friend bool operator==(const Picture&, const Picture&) = default;
};
/// One declaration in "my releases": title, per recipient a pill, what one can do.
struct ReleaseCard {
    IconName icon;
    Text title;
    std::vector<Text> lines;
    struct Status {
        IconName icon;
        Text who;
        Pill pill;
        friend bool operator==(const Status&, const Status&) = default;
    };
    std::vector<Status> statuses;
    std::optional<Button> button;
    friend bool operator==(const ReleaseCard&, const ReleaseCard&) = default;
};
struct Language {
    WidgetId id;
    std::string tag;
    std::string own_name;
    friend bool operator==(const Language&, const Language&) = default;
};
struct LanguageGrid {
    std::vector<Language> languages;
    std::vector<Button> ways;
    friend bool operator==(const LanguageGrid&, const LanguageGrid&) = default;
};
/// Seconds left, one segment each; the only countdown of the product.
struct Countdown {
    std::uint32_t left_s = 0;
    std::uint32_t total_s = 0;
    Text words;
    friend bool operator==(const Countdown&, const Countdown&) = default;
};
/// "Please wait": says what happens and what to do with the card; three dots step unless motion is
/// reduced.
struct Waiting {
    Text what;
    Text how_long;
    Text card;
    std::uint8_t step = 0;
    std::uint8_t steps = 0;
    friend bool operator==(const Waiting&, const Waiting&) = default;
};

using Block = std::variant<Paragraph, Label, Tile, Note, Choice, FlowPicture, ChoiceList, Chips,
                           Facts, Rows, Track, QrCard, DigitBoxes, Tries, DigitPad, Picture,
                           ReleaseCard, LanguageGrid, Countdown, Waiting>;

/// Yes and no: same size, colour, row; yes first in reading order. Shown on the last page only. If
/// that page holds nothing else (big text), it shows `question` as its title and `summary`: what it
/// is about and with whom, first what matters most, because what finds no room is left out.
struct DecisionPair {
    Button yes;
    Button no;
    Text question = {};
    std::vector<Text> summary = {};
    friend bool operator==(const DecisionPair&, const DecisionPair&) = default;
};

struct Steps {
    std::uint8_t current = 1;
    std::uint8_t total = 4;
    Text label;
    friend bool operator==(const Steps&, const Steps&) = default;
};

enum class Contrast : std::uint8_t { light, dark, high };

/// How this session wants to see: reset at its end.
struct Display {
    std::string language = "de";       ///< BCP 47; "de-x-leicht" is plain German
    std::uint16_t text_percent = 100;  ///< 100, 160 or 200
    Contrast contrast = Contrast::light;
    bool low_reach = false;
    bool reduced_motion = false;
    bool speech = false;  ///< reading aloud is on: the tool says how to end it
    friend bool operator==(const Display&, const Display&) = default;
};

struct Screen {
    std::string name;  ///< stable name, for goldens and tests: "home", "release", "pin"
    Display display;
    Text place;                  ///< site name in the header
    Pill link;                   ///< with or without network
    bool draft = false;          ///< permanent "Entwurf" mark (texts not yet approved)
    std::optional<Steps> steps;  ///< only in a flow
    Text title;
    Text lead;
    std::vector<Block> blocks;
    std::optional<DecisionPair> pair;
    std::optional<Button> back;   ///< at the reading edge
    std::optional<Button> other;  ///< at the far edge
    std::optional<Button> main;   ///< filled; never together with a pair
    IconName icon;                ///< beside the title of a dialog
    bool dialog = false;  ///< the screen is a dialog: blocks in the lower half, tools usable
    WidgetId focus = {};  ///< the ring moves here when the screen appears; empty = as usual
    bool tools = true;    ///< tool bar: ids tool.language .bigger .contrast .speech .help .leave
    friend bool operator==(const Screen&, const Screen&) = default;
};

/// What a person did on a screen, in terms of the screen.
struct Activate {
    WidgetId id;
};
struct Digit {
    std::uint8_t value;
};  ///< 0..9, from pad, keyboard or keypad
struct DeleteDigit {};
struct EndOfPages {};  ///< the last page was shown: everything could be read (LR-03)
using Intent = std::variant<Activate, Digit, DeleteDigit, EndOfPages>;

}  // namespace view
