// SPDX-License-Identifier: EUPL-1.2
// Implementation of registry.hpp. UI thread.
#include "kiosk/a11y/registry.hpp"

#include <array>
#include <utility>

#include "drivers/base/check.hpp"

namespace a11y {

void Registry::add(Node node) {
    if (!node.id.empty()) CHECK(find(node.id) == nullptr);
    nodes_.push_back(std::move(node));
}

const Node* Registry::find(std::string_view id) const {
    for (const Node& node : nodes_) {
        if (node.id == id) return &node;
    }
    return nullptr;
}

const Node* Registry::at(int x, int y) const {
    // The last drawn lies on top: an inline button stands on its card.
    for (auto node = nodes_.rbegin(); node != nodes_.rend(); ++node) {
        const bool inside =
            x >= node->x && x < node->x + node->w && y >= node->y && y < node->y + node->h;
        if (node->focusable && inside) return &*node;
    }
    return nullptr;
}

std::vector<const Node*> Registry::focusable() const {
    std::vector<const Node*> out;
    for (const Node& node : nodes_) {
        if (node.focusable) out.push_back(&node);
    }
    return out;
}

std::string Registry::after(std::string_view id) const {
    const std::vector<const Node*> order = focusable();
    if (order.empty()) return {};
    for (std::size_t i = 0; i + 1 < order.size(); ++i) {
        if (order[i]->id == id) return order[i + 1]->id;
    }
    return order.front()->id;
}

std::string Registry::before(std::string_view id) const {
    const std::vector<const Node*> order = focusable();
    if (order.empty()) return {};
    for (std::size_t i = 1; i < order.size(); ++i) {
        if (order[i]->id == id) return order[i - 1]->id;
    }
    return order.back()->id;
}

std::string_view name_of(Role role) {
    constexpr std::array<std::string_view, 10> names{"text",     "heading", "button", "tile",
                                                     "checkbox", "radio",   "key",    "image",
                                                     "status",   "progress"};
    return names.at(static_cast<std::size_t>(role));
}

std::string outline(const Registry& registry) {
    std::string out;
    for (const Node& node : registry.nodes()) {
        out += std::string(name_of(node.role)) + " [" + node.id + "] " + node.label;
        if (!node.value.empty()) out += " = " + node.value;
        if (node.chosen) out += " (chosen)";
        if (node.disabled) out += " (disabled: " + node.hint + ")";
        out += '\n';
    }
    return out;
}

}  // namespace a11y
