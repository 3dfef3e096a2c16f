// SPDX-License-Identifier: EUPL-1.2
// Implementation of pages.hpp: first all on one page with ever closer gaps, then greedily page by
// page. UI thread only.
#include "kiosk/screens/pages.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "kiosk/screens/content.hpp"

namespace screens {
namespace {

using widgets::Part;
using widgets::Weightiness;

struct ItemRef {
    std::size_t part, item;
};

class Paginator {
  public:
    Paginator(const Kit& kit, const view::Screen& screen)
        : kit_(kit), screen_(screen), parts_(parts_of(kit, screen)) {
        request_.steps = screen.steps.has_value();
        request_.actions = screen.back || screen.other || screen.main;
        request_.tools = screen.tools;
        if (screen.pair) {
            const int width = content_rect(false).w;
            request_.pair_px = widgets::measure(kit, widgets::pair(kit, *screen.pair), width).h;
        }
    }

    Pages run() {
        out_.zones = request_;
        out_.others_in_row = row_fits();
        if (!out_.others_in_row) move_others_into_content();
        list_items();
        if (one_page()) return std::move(out_);
        out_.zones.actions = request_.actions = true;
        if (out_.others_in_row) {
            out_.others_in_row = false;
            move_others_into_content();
            list_items();
        }
        cut();
        return std::move(out_);
    }

  private:
    [[nodiscard]] Rect content_rect(bool pair) const {
        ZoneRequest request = request_;
        request.pair = pair;
        return zones_of(kit_, request).content;
    }

    /// The action row holds all its buttons on one line.
    [[nodiscard]] bool row_fits() const {
        const Box line = action_row(kit_, screen_, {}, true);
        int needed = -line.gap;
        for (const Box& child : line.children) {
            // Measured without a limit: a button that would have to wrap does not fit.
            needed += line.gap + widgets::measure(kit_, child, 10'000).w;
        }
        return needed <= content_rect(false).w;
    }

    void move_others_into_content() {
        buttons_from_ = parts_.size();
        if (screen_.other)
            parts_.push_back(
                widgets::single(widgets::button(kit_, *screen_.other, Weightiness::side)));
        if (screen_.main)
            parts_.push_back(
                widgets::single(widgets::button(kit_, *screen_.main, Weightiness::main)));
        request_.actions = out_.zones.actions = screen_.back.has_value();
    }

    void list_items() {
        items_.clear();
        for (std::size_t p = 0; p < parts_.size(); ++p) {
            for (std::size_t i = 0; i < parts_[p].items.size(); ++i) items_.push_back({p, i});
        }
    }

    /// At big text a part with a heading of its own needs no title above it again.
    [[nodiscard]] bool needs_title(std::size_t from) const {
        if (from == 0 || from >= items_.size()) return true;
        return !(kit_.big() && items_[from].item == 0 && parts_[items_[from].part].heads_page);
    }

    [[nodiscard]] Box compose(std::size_t from, std::size_t to, int gap) const {
        Box page = widgets::column(gap, {});
        if (needs_title(from)) {
            page.children.push_back(
                title_block(kit_, screen_, from == 0 && lead_, content_rect(false).w));
            // The distance from title to content belongs to the title, so that titles stand at one
            // height in a flow.
        }
        bool spreads = !kit_.big();
        for (std::size_t i = from; i < to;) {
            const std::size_t p = items_[i].part;
            std::vector<Box> items;
            for (; i < to && items_[i].part == p; ++i)
                items.push_back(parts_[p].items[items_[i].item]);
            const bool whole = items.size() == parts_[p].items.size();
            Box box = widgets::joined(parts_[p], std::move(items));
            // What may grow without limit fills the first page; on later ones it stands at the top.
            box.grow = whole && (from == 0 || parts_[p].max_height > 0) ? parts_[p].grow : 0;
            box.max_height = parts_[p].max_height;
            page.children.push_back(std::move(box));
        }
        page.spread = spreads && spread_wanted(from, to);
        if (kit_.display().low_reach) lower(page);
        return page;
    }

    /// The start page: its groups share the free height, as in the design.
    [[nodiscard]] bool spread_wanted(std::size_t from, std::size_t to) const {
        if (from != 0 || to != items_.size()) return false;
        const auto* picture =
            screen_.blocks.empty() ? nullptr : std::get_if<view::Picture>(&screen_.blocks.front());
        return picture != nullptr && picture->kind == view::Picture::Kind::welcome;
    }

    /// Low reach: free height goes above the first thing that can be touched.
    void lower(Box& page) const {
        std::size_t at = 0;
        while (at < page.children.size() && !holds_target(page.children[at])) ++at;
        // The hint above the tiles belongs to them.
        if (at > 1 && at < page.children.size() && page.children[at - 1].kind == Box::Kind::row)
            --at;
        for (Box& child : page.children) child.grow = 0;
        page.children.insert(page.children.begin() + static_cast<std::ptrdiff_t>(at),
                             widgets::space());
    }

    [[nodiscard]] static bool holds_target(const Box& box) {
        if (box.node && box.node->focusable) return true;
        return std::any_of(box.children.begin(), box.children.end(), holds_target);
    }

    [[nodiscard]] bool fits(std::size_t from, std::size_t to, bool pair, int gap) const {
        const Rect rect = content_rect(pair);
        return widgets::measure(kit_, compose(from, to, gap), rect.w).h <= rect.h;
    }

    bool one_page() {
        const bool pair = screen_.pair.has_value();
        const bool own_page = pair && kit_.big() && !screen_.pair->summary.empty();
        if (own_page) return false;
        for (const bool lead : {true, false}) {
            // Where room is short the lead gives way, so that keys and notes stay on one page.
            if (!lead && (pad_of(screen_) == nullptr || !(kit_.landscape() || kit_.big()))) break;
            lead_ = lead;
            for (const int gap : gaps()) {
                if (!fits(0, items_.size(), pair, gap)) continue;
                out_.pages.push_back({compose(0, items_.size(), gap), pair});
                return true;
            }
        }
        lead_ = true;
        return false;
    }

    [[nodiscard]] std::array<int, 3> gaps() const {
        if (kit_.landscape()) return {kit_.px(16), kit_.px(16), kit_.px(12)};
        return {kit_.px(24), kit_.px(20), kit_.px(16)};
    }

    void cut() {
        const int gap = gaps().front();
        const bool pair = screen_.pair.has_value();
        std::size_t from = 0;
        while (from < items_.size()) {
            std::size_t to = from + 1;
            while (to < items_.size() && fits(from, to + 1, false, gap)) ++to;
            to = part_border(from, to, gap);
            // A page that ends with a lone heading would part it from what it names.
            while (to < items_.size() && to > from + 1 && is_heading(to - 1)) --to;
            const bool last = to == items_.size();
            if (last && pair) {
                if (decide(from, to, gap)) return;
                // The rest goes with the pair to one more page; here stays what does not fit beside
                // it.
                const std::size_t keep = keep_before_pair(from, to, gap);
                out_.pages.push_back({compose(from, keep, gap), false});
                from = keep;
                if (from == items_.size()) out_.pages.push_back({pair_only(gap), true});
                continue;
            }
            out_.pages.push_back({compose(from, to, gap), false});
            from = to;
        }
        if (items_.empty()) out_.pages.push_back({compose(0, 0, gap), pair});
    }

    /// The last page with its pair, or the pair on a page of its own that says the release again.
    bool decide(std::size_t from, std::size_t to, int gap) {
        const bool summary = !screen_.pair->summary.empty();
        if (summary && kit_.big()) {
            out_.pages.push_back({compose(from, to, gap), false});
            out_.pages.push_back({pair_only(gap), true});
            return true;
        }
        if (summary && only_buttons(from)) {
            // Nothing but a side way is left: the page tells the release again above it.
            Box page = pair_only(gap);
            for (std::size_t i = from; i < to; ++i)
                page.children.push_back(parts_[items_[i].part].items[items_[i].item]);
            out_.pages.push_back({std::move(page), true});
            return true;
        }
        if (!fits(from, to, true, gap)) return false;
        out_.pages.push_back({compose(from, to, gap), true});
        return true;
    }

    /// What stays on this page if from..to and the pair are too much for one: rather whole parts.
    [[nodiscard]] std::size_t keep_before_pair(std::size_t from, std::size_t to, int gap) const {
        std::size_t keep = from + 1;
        while (keep < to && !fits(keep, to, true, gap)) ++keep;
        for (std::size_t at = keep; at < to; ++at) {
            if (items_[at].item == 0) return at;
        }
        return keep;
    }

    /// A cut inside a part moves up to the part's start if the part then stands whole on the next
    /// page and enough stays here.
    [[nodiscard]] std::size_t part_border(std::size_t from, std::size_t to, int gap) const {
        if (to == items_.size() || items_[to].item == 0) return to;
        const std::size_t start = to - items_[to].item;
        if (start <= from) return to;
        // A heading would be left alone.
        if (start == from + 1 && is_heading(from)) return to;
        std::size_t end = to;
        while (end < items_.size() && items_[end].part == items_[to].part) ++end;
        if (parts_[items_[to].part].rather_whole && fits(start, end, false, gap)) return start;
        const Rect rect = content_rect(false);
        const int stays = widgets::measure(kit_, compose(from, start, gap), rect.w).h;
        return fits(start, end, false, gap) && 5 * stays >= 2 * rect.h ? start : to;
    }

    [[nodiscard]] bool only_buttons(std::size_t from) const {
        return from > 0 && from < items_.size() && items_[from].part >= buttons_from_;
    }

    [[nodiscard]] bool is_heading(std::size_t i) const {
        const Part& part = parts_[items_[i].part];
        return part.heads_page && part.items.size() == 1;
    }

    [[nodiscard]] Box pair_only(int gap) const {
        view::Screen last = screen_;
        last.lead = {};
        if (kit_.big()) last.steps.reset();
        if (!screen_.pair->question.empty()) last.title = screen_.pair->question;
        const Rect rect = content_rect(true);
        Box page = widgets::column(gap, {title_block(kit_, last, false, rect.w)});
        for (const view::Text& line : screen_.pair->summary) {
            page.children.push_back(widgets::text(kit_, line, kit_.body(), widgets::Colour::ink));
            if (widgets::measure(kit_, page, rect.w).h <= rect.h) continue;
            page.children.pop_back();
            break;
        }
        return page;
    }

    const Kit& kit_;
    const view::Screen& screen_;
    std::vector<Part> parts_;
    std::vector<ItemRef> items_;
    std::size_t buttons_from_ =
        SIZE_MAX;  ///< first part that is a button moved out of the action row
    ZoneRequest request_;
    bool lead_ = true;
    Pages out_;
};

}  // namespace

Pages paginate(const Kit& kit, const view::Screen& screen) {
    return Paginator(kit, screen).run();
}

}  // namespace screens
