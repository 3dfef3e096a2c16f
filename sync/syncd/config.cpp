// SPDX-License-Identifier: EUPL-1.2
#include "sync/syncd/config.hpp"

#include <filesystem>

#include <utility>

#include "sync/model/json.hpp"

namespace syncd {
namespace {

constexpr std::size_t config_bytes_max = 16'384;
constexpr std::size_t path_bytes_max = 4'096;
constexpr std::uint64_t day_ms = 86'400'000;

Pace read_pace(model::JsonFields& fields) {
    Pace pace;
    if (!fields.has("test")) return pace;
    model::JsonFields test(fields.object("test"));
    if (test.has("backoff_ms_min")) pace.backoff_ms_min = test.number("backoff_ms_min", day_ms);
    if (test.has("backoff_ms_max")) pace.backoff_ms_max = test.number("backoff_ms_max", day_ms);
    if (test.has("round_ms")) pace.round_ms = test.number("round_ms", day_ms);
    const bool possible =
        pace.backoff_ms_min > 0 && pace.backoff_ms_max >= pace.backoff_ms_min && pace.round_ms > 0;
    if (!test.ok() || !possible) fields.refuse();
    return pace;
}

std::optional<SignerConfig> read_signer(model::JsonFields& fields, const Config& config) {
    if (!fields.has("signer")) return std::nullopt;
    model::JsonFields members(fields.object("signer"));
    SignerConfig signer;
    const auto origin = http::parse_origin(members.text("origin", path_bytes_max));
    if (members.has("server_name")) signer.server_name = members.text("server_name", 255);
    signer.ca_path = members.text("ca", path_bytes_max);
    signer.certificate_path = config.certificate_path;
    signer.key_path = config.key_path;
    // Both or none: a key of one and a certificate of another would only be found at the handshake.
    if (members.has("certificate") || members.has("key")) {
        signer.certificate_path = members.text("certificate", path_bytes_max);
        signer.key_path = members.text("key", path_bytes_max);
    }
    signer.kiosk_socket_path = members.text("kiosk_socket", path_bytes_max);
    if (!members.ok() || !origin) {
        fields.refuse();
        return std::nullopt;
    }
    signer.origin = *origin;
    return signer;
}

std::optional<CourierConfig> read_courier(model::JsonFields& fields) {
    if (!fields.has("courier")) return std::nullopt;
    model::JsonFields members(fields.object("courier"));
    CourierConfig courier;
    courier.stick_path = members.text("stick", path_bytes_max);
    courier.requests_path = members.text("requests", path_bytes_max);
    courier.approvers_path = members.text("approvers", path_bytes_max);
    if (members.has("any_folder")) courier.any_folder = members.boolean("any_folder");
    if (!members.ok()) fields.refuse();
    return courier;
}

}  // namespace

base::Result<Config> parse_config(std::string_view text) {
    const auto bad = base::fail(base::Errc::config_bad, "syncd config");
    const auto json = model::parse_json(text, config_bytes_max);
    if (!json || !json->is_object()) return bad;
    model::JsonFields fields(*json);
    Config config;
    config.terminal = fields.uuid("terminal");
    const auto origin = http::parse_origin(fields.text("backend", path_bytes_max));
    if (fields.has("server_name")) config.server_name = fields.text("server_name", 255);
    config.ca_path = fields.text("ca", path_bytes_max);
    config.certificate_path = fields.text("certificate", path_bytes_max);
    config.key_path = fields.text("key", path_bytes_max);
    config.kiosk_socket_path = fields.text("kiosk_socket", path_bytes_max);
    const std::filesystem::path beside(config.kiosk_socket_path);
    config.insight_socket_path = beside.parent_path() / "insight.sock";
    if (fields.has("insight_socket"))
        config.insight_socket_path = fields.text("insight_socket", path_bytes_max);
    config.spool_path = fields.text("spool", path_bytes_max);
    if (fields.has("time_floor_ms"))
        config.time_floor_ms = fields.number("time_floor_ms", UINT64_MAX);
    config.signer = read_signer(fields, config);
    config.courier = read_courier(fields);
    config.pace = read_pace(fields);
    if (!fields.ok() || !origin) return bad;
    config.backend = *origin;
    return config;
}

}  // namespace syncd
