// SPDX-License-Identifier: EUPL-1.2
#include "sync/syncd/courier_state.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>

#include "drivers/base/limits_courier.hpp"
#include "drivers/base/log.hpp"
#include "sync/model/json.hpp"
#include "sync/syncd/file.hpp"

namespace syncd {
namespace {

constexpr std::size_t state_bytes_max = 512 + limits::courier_requests_remembered * 40;
constexpr std::array states{ExportState::none, ExportState::written, ExportState::verified};

}  // namespace

std::string_view word(ExportState state) {
    constexpr std::array<std::string_view, 3> words{"none", "written", "verified"};
    return words.at(static_cast<std::size_t>(state));
}

CourierState::CourierState(std::string path) : path_(std::move(path)) {
    read();
}

void CourierState::read() {
    const auto text = read_file(path_, state_bytes_max);
    if (!text) {
        if (text.error().detail != ENOENT) base::log_error(text.error());
        return;
    }
    const auto json = model::parse_json(*text, state_bytes_max);
    if (!json || !json->is_object()) return;
    model::JsonFields fields(*json);
    std::vector<base::Uuid> used;
    for (const model::Json& item : fields.array("used", limits::courier_requests_remembered)) {
        const auto* id = item.get_ptr<const std::string*>();
        const auto uuid = id == nullptr ? std::nullopt : base::parse_uuid(*id);
        if (!uuid) return;
        used.push_back(*uuid);
    }
    const std::string name = fields.text("state", 16);
    const auto state =
        std::ranges::find_if(states, [&](ExportState each) { return word(each) == name; });
    const auto manifest = fields.digest("manifest");
    if (!fields.ok() || state == states.end()) return;
    used_ = std::move(used);
    state_ = *state;
    manifest_ = manifest;
}

base::Result<void> CourierState::write() {
    std::vector<std::string> used;
    for (const base::Uuid& id : used_) used.push_back(model::json_quote(base::to_text(id)));
    const std::string text = model::JsonWriter()
                                 .raw("used", model::json_array(used))
                                 .text("state", word(state_))
                                 .bytes("manifest", manifest_)
                                 .done();
    TRY_VOID(replace_file(path_, text));
    return sync_folder(std::filesystem::path(path_).parent_path().string());
}

bool CourierState::was_used(const base::Uuid& request) const {
    return std::ranges::find(used_, request) != used_.end();
}

base::Result<void> CourierState::use(const base::Uuid& request) {
    if (used_.size() == limits::courier_requests_remembered) used_.erase(used_.begin());
    used_.push_back(request);
    return write();
}

base::Result<void> CourierState::set_export(ExportState state,
                                            const crypto::Sha256Digest& manifest) {
    state_ = state;
    manifest_ = manifest;
    return write();
}

}  // namespace syncd
