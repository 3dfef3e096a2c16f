// SPDX-License-Identifier: EUPL-1.2
#include "tests/sim/line.hpp"

#include <algorithm>

#include "sync/model/batch.hpp"

namespace sim {
namespace {

constexpr backend::Statement find_record{
    "SELECT 1 FROM record WHERE terminal = $1 AND epoch = $2 AND seq = $3"};
constexpr backend::Statement find_act{"SELECT 1 FROM act WHERE declaration = $1 LIMIT 1"};

bool ends_with(const http::Request& request, std::string_view end) {
    return request.path.ends_with(end);
}

/// "batches 1/4-6", "advance", "growth".
std::string short_name(const http::Request& request) {
    const std::string last = request.path.substr(request.path.rfind('/') + 1);
    const auto batch = model::parse_batch(request.body);
    if (!batch) return last;
    return last + " " + std::to_string(batch->epoch) + "/" + std::to_string(batch->from) + "-" +
           std::to_string(batch->to);
}

bool carries(const model::Batch& batch, const base::Uuid& declaration) {
    return std::ranges::any_of(batch.records, [&](const model::Record& record) {
        const auto scopes = model::parse_scopes(record.scopes);
        return scopes && scopes->declaration == declaration;
    });
}

auto down(base::Errc code) {
    return base::fail(code, "sim line");
}

}  // namespace

/// A proxy that is ill, or a firewall that dislikes something.
std::optional<http::Response> Line::from_the_way() {
    if (!context_.dice.chance(context_.weather.proxy)) return std::nullopt;
    static constexpr unsigned statuses[] = {400, 403, 404, 408, 429, 500, 502, 503, 302, 200};
    const unsigned status = statuses[context_.dice.below(std::size(statuses))];
    auto response = http::make_response(status, "text/html", "<html>Portal</html>");
    if (status == 429 || status == 503) response.headers.push_back({"retry-after", "120"});
    return response;
}

/// I11: a batch with a grant may only go when every protective act that syncd could know of has
/// gone before, or goes with it. What stands there already is not queued: syncd repeats a body
/// whose receipt it never got.
void Line::judge_order(const http::Request& request) {
    // This mutant stores, and applies nothing.
    if (context_.mutant == Mutant::no_dedup_no_chain_check) return;
    const auto batch = model::parse_batch(request.body);
    if (!batch || advance_refused_ || context_.set_back || ends_.device.spool_spoiled()) return;
    // Without a kiosk syncd repeats what it had under way; what is new it cannot know.
    if (!ends_.device.runs()) return;
    const bool has_other = std::ranges::any_of(batch->records, [&](const model::Record& record) {
        const auto header = model::parse_header(record.header);
        if (!header || model::is_protective(header->kind)) return false;
        const auto& key = header->key;
        return ends_.cluster
            .ask(find_record,
                 {key.terminal.get(), std::int64_t{key.epoch}, static_cast<std::int64_t>(key.seq)})
            .empty();
    });
    if (!has_other) return;
    for (const Told& told : context_.ledger.told) {
        if (told.device != ends_.device.number() || !model::is_protective(told.kind)) continue;
        if (told.order > ends_.device.rows_at_advance()) continue;
        // By what it is, not by its place: a row that was chained anew has another one.
        const auto value = model::declaration_value(told.declaration);
        if (carries(*batch, told.declaration)) continue;
        if (ends_.cluster.ask(find_act, {value}).empty()) {
            context_.trace.violate(
                "I11", "a grant goes before withdrawal " + base::to_text(told.declaration));
            return;
        }
    }
}

void Line::remember_refusal(const http::Request& request, unsigned status) {
    const bool final = status >= 400 && status < 500 && status != 408 && status != 429;
    if (ends_with(request, "/advance")) advance_refused_ = final;
    if (context_.mutant == Mutant::drop_on_reject && final && ends_with(request, "/batches")) {
        ends_.device.dropped_body_ = request.body;
    }
}

base::Result<http::Response> Line::send(const http::Request& plain) {
    const Weather& weather = context_.weather;
    Dice& dice = context_.dice;
    Device& device = ends_.device;
    if (device.syncd_doomed()) return down(base::Errc::cancelled);
    if (device.offline) return down(base::Errc::network_unreachable);
    http::Request request = plain;
    request.peer = http::Peer{"terminal", base::to_text(device.about().identity.terminal)};
    if (dice.chance(weather.lost_before)) return down(base::Errc::network_unreachable);
    if (auto response = from_the_way()) {
        context_.trace.note("proxy answers " + std::to_string(response->status));
        remember_refusal(request, response->status);
        return std::move(*response);
    }
    if (dice.chance(weather.late)) {
        ends_.mail.push_back({device.number(), std::move(request)});
        return down(base::Errc::network_timeout);
    }
    if (dice.chance(weather.meanwhile)) context_.meanwhile();
    if (device.syncd_doomed() && dice.chance(500)) return down(base::Errc::cancelled);
    if (ends_with(request, "/batches")) judge_order(request);
    auto response = ends_.cluster.handle(dice.below(Cluster::instances), request);
    if (dice.chance(weather.doubled)) ends_.mail.push_back({device.number(), request});
    if (dice.chance(weather.meanwhile)) context_.meanwhile();
    if (device.syncd_doomed()) return down(base::Errc::cancelled);
    if (!response) return response;
    context_.trace.note("device " + std::to_string(device.number()) + " " + short_name(request) +
                        " -> " + std::to_string(response->status) +
                        (response->status == 409 ? " " + response->body : std::string()));
    context_.trace.mix(response->body);
    if (dice.chance(weather.lost_after)) return down(base::Errc::network_timeout);
    if (dice.chance(weather.cut_answer)) return down(base::Errc::http_bad);
    remember_refusal(request, response->status);
    return response;
}

}  // namespace sim
