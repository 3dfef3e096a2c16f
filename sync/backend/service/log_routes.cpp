// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/service/log_routes.hpp"

#include <optional>
#include <span>

#include "drivers/base/encoding.hpp"
#include "drivers/base/limits_journal.hpp"
#include "drivers/base/log.hpp"
#include "sync/backend/log/nodes.hpp"
#include "sync/backend/log/sequencer.hpp"
#include "sync/backend/service/problem.hpp"
#include "sync/http/grammar.hpp"
#include "sync/model/json.hpp"

namespace backend {
namespace {

using receipts::tile_width;
using receipts::TileName;

/// Behind v1, log, tile.
constexpr std::size_t segments_before_name = 3;

http::Response failure(const base::Error& error) {
    base::log_error(error);
    return problem_of(error);
}

/// Whether a log of this size has this tile: a whole one once it is full, a partial one as wide as
/// the log or narrower, since any smaller checkpoint may still be in somebody's hands.
bool exists(const TileName& name, std::uint64_t size) {
    const std::uint64_t nodes = size >> 8 * name.level.value_or(0);
    return name.n <= nodes / tile_width && name.n * tile_width + name.width <= nodes;
}

/// "5,7,9", 1..inclusion_indexes_max places below `size`; nothing if it is anything else.
std::optional<std::vector<std::uint64_t>> places_of(std::string_view list, std::uint64_t size) {
    std::vector<std::uint64_t> places;
    while (places.size() < limits::inclusion_indexes_max) {
        const std::size_t end = list.find(',');
        const auto place = http::parse_decimal(list.substr(0, end));
        if (!place || *place >= size) return std::nullopt;
        places.push_back(*place);
        if (end == std::string_view::npos) return places;
        list.remove_prefix(end + 1);
    }
    return std::nullopt;
}

std::vector<std::string> quoted(const receipts::Proof& proof) {
    std::vector<std::string> hashes;
    for (const auto& hash : proof) hashes.push_back(model::json_quote(base::to_base64url(hash)));
    return hashes;
}

void append_u16(std::string& out, std::size_t value) {
    out.push_back(static_cast<char>(value >> 8U));
    out.push_back(static_cast<char>(value));
}

}  // namespace

http::Response LogRoutes::handle(const http::Request& request, Endpoint endpoint,
                                 const std::vector<std::string>& segments) {
    if (endpoint == Endpoint::checkpoint) return checkpoint();
    if (endpoint == Endpoint::inclusion) return inclusion(request);
    return endpoint == Endpoint::growth ? growth(request) : tile(request, segments);
}

base::Result<std::string> LogRoutes::signed_head(const LogHead& head) {
    if (signed_text_.empty() || signed_size_ != head.size) {
        TRY(text, parts_.signer.sign(head));
        signed_text_ = std::move(text);
        signed_size_ = head.size;
    }
    return signed_text_;
}

http::Response LogRoutes::checkpoint() {
    const auto head = read_log_head(parts_.store);
    if (!head) return failure(head.error());
    auto text = signed_head(*head);
    if (!text) return failure(text.error());
    return http::make_response(200, "text/plain; charset=utf-8", std::move(*text));
}

/// The checkpoint, and the proof that the log of the asked size is still its beginning. A log that
/// is smaller than asked has none: whoever asked sees that in the checkpoint.
http::Response LogRoutes::growth(const http::Request& request) {
    const auto from = http::parse_decimal(request.query_value("from").value_or(""));
    if (!from) return problem_of({base::Errc::message_bad, "log.from"});
    const auto head = read_log_head(parts_.store);
    if (!head) return failure(head.error());
    receipts::Proof proof;
    if (*from <= head->size) {
        StoredNodes source(parts_.store);
        auto made = receipts::prove_consistency(source, *from, head->size);
        if (!made) return failure(made.error());
        proof = std::move(*made);
    } else {
        // Somebody has verified more of this log than there is: an old backup, or another log.
        ++parts_.counters.log_conflicts;
        base::log(base::LogEvent::alarm_raised, {{"kind", "log_set_back"}, {"count", 1}});
    }
    const auto text = signed_head(*head);
    if (!text) return failure(text.error());
    return json_response(200, model::JsonWriter()
                                  .text("checkpoint", *text)
                                  .raw("proof", model::json_array(quoted(proof)))
                                  .done());
}

/// What stands at the asked places, and the proofs that it does in the log of the asked size.
http::Response LogRoutes::inclusion(const http::Request& request) {
    const auto size = http::parse_decimal(request.query_value("size").value_or(""));
    if (!size) return problem_of({base::Errc::message_bad, "log.size"});
    const auto places = places_of(request.query_value("index").value_or(""), *size);
    if (!places) return problem_of({base::Errc::message_bad, "log.index"});
    const auto head = read_log_head(parts_.store);
    if (!head) return failure(head.error());
    // A log that was set back has not got there yet: whoever asks sees that in its checkpoint.
    if (*size > head->size) return not_found();
    std::vector<std::string> items;
    for (const std::uint64_t place : *places) {
        StoredNodes source(parts_.store);
        const auto leaf = source.nodes(0, place, 1);
        if (!leaf) return failure(leaf.error());
        const auto proof = receipts::prove_inclusion(source, place, *size);
        if (!proof) return failure(proof.error());
        items.push_back(model::JsonWriter()
                            .number("index", place)
                            .bytes("leaf", leaf->front())
                            .raw("proof", model::json_array(quoted(*proof)))
                            .done());
    }
    return json_response(200, model::JsonWriter()
                                  .number("size", *size)
                                  .raw("inclusions", model::json_array(items))
                                  .done());
}

http::Response LogRoutes::tile(const http::Request& request,
                               const std::vector<std::string>& segments) {
    const auto name = receipts::parse_tile_name(std::span(segments).subspan(segments_before_name));
    if (!name) return not_found();
    const bool auditor = request.peer && request.peer->organisational_unit == "auditor";
    if (!name->level && !auditor) return not_allowed();
    const auto head = read_log_head(parts_.store);
    if (!head) return failure(head.error());
    if (!exists(*name, head->size)) return not_found();
    auto body = name->level ? hashes_of(*name) : entries_of(*name);
    if (!body) return failure(body.error());
    auto response = http::make_response(200, "application/octet-stream", std::move(*body));
    response.headers.push_back({"cache-control", "private, max-age=31536000, immutable"});
    return response;
}

base::Result<std::string> LogRoutes::hashes_of(const TileName& name) {
    StoredNodes source(parts_.store);
    TRY(hashes, source.nodes(*name.level, name.n * tile_width, name.width));
    std::string body;
    for (const auto& hash : hashes) body.append(base::as_text(hash));
    return body;
}

base::Result<std::string> LogRoutes::entries_of(const TileName& name) {
    TRY(headers, entry_headers(parts_.store, name.n * tile_width, name.width));
    std::string body;
    for (const base::Bytes& header : headers) {
        append_u16(body, header.size());
        body.append(base::as_text(header));
    }
    return body;
}

}  // namespace backend
