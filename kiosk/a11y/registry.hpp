// SPDX-License-Identifier: EUPL-1.2
// What a screen consists of, in words: filled while it is drawn. At once accessibility tree, focus
// order, speech script, hit test and test driver. Order of drawing = reading order = focus order =
// order of speech. Two widgets of one id are a programmer's error and stop the program. Pure data,
// UI thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace a11y {

enum class Role : std::uint8_t {
    text,
    heading,
    button,
    tile,
    checkbox,
    radio,
    key,
    image,
    status,
    progress
};

struct Node {
    std::string id;  ///< empty for what is only read
    Role role = Role::text;
    std::string label;  ///< plain words, no mark-up
    std::string value;  ///< "Schritt 1 von 4", "3 von 6 Ziffern"
    std::string hint;   ///< why it is disabled
    std::string language;
    int x = 0, y = 0, w = 0, h = 0;  ///< pixels of the panel, after mirroring
    int radius = 0;                  ///< of the drawn corner; the focus ring follows it
    bool focusable = false;
    bool disabled = false;
    bool chosen = false;
    bool live = false;      ///< spoken when it changes by itself
    bool personal = false;  ///< spoken with headphones only
    friend bool operator==(const Node&, const Node&) = default;
};

class Registry {
  public:
    /// Adds a widget. A second one of the same non-empty id is CHECKed.
    void add(Node node);
    void clear() { nodes_.clear(); }

    [[nodiscard]] const std::vector<Node>& nodes() const { return nodes_; }
    [[nodiscard]] const Node* find(std::string_view id) const;
    /// The focusable widget under a point; disabled ones too, because they say why.
    [[nodiscard]] const Node* at(int x, int y) const;
    /// Next focusable id after `id`; from the last one to the first. Unknown or empty `id`: the
    /// first.
    [[nodiscard]] std::string after(std::string_view id) const;
    [[nodiscard]] std::string before(std::string_view id) const;

  private:
    [[nodiscard]] std::vector<const Node*> focusable() const;
    std::vector<Node> nodes_;
};

/// One line per widget, without pixels: evidence that outlives a change of fonts.
[[nodiscard]] std::string outline(const Registry& registry);

[[nodiscard]] std::string_view name_of(Role role);

}  // namespace a11y
