package dev.drover.journal;

import dev.drover.run.Spending;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Tells what runs and their workflows have spent, with what the same transaction books. */
final class SpendingRows {
  /** By two keys, of which the second leads to a row for each agent and server. */
  private static final String SPENT =
      """
      select coalesce(c.cost, 0), coalesce(d.cost, 0)
      from unnest(?::uuid[], ?::text[], ?::text[], ?::text[]) with ordinality
           as e (run, project, workflow, day, turn)
      left join run_cost c on c.run = e.run
      cross join lateral (
        select sum(s.cost) as cost
        from daily_cost s
        where s.project = e.project and s.day = e.day::date and s.workflow = e.workflow) d
      order by e.turn
      """;

  private SpendingRows() {}

  static void add(RoundTrip trip, List<Entry.Spent> questions, List<Runnable> news) {
    List<BigDecimal[]> answers = new ArrayList<>();
    trip.add(
        SPENT,
        questions,
        columns ->
            columns
                .uuids(e -> e.run().value())
                .texts(e -> e.workflow().project().value())
                .texts(e -> e.workflow().workflow().value())
                .texts(e -> e.day().toString()),
        rows -> {
          while (rows.next()) {
            answers.add(new BigDecimal[] {rows.getBigDecimal(1), rows.getBigDecimal(2)});
          }
        });
    for (int i = 0; i < questions.size(); i++) {
      int turn = i;
      news.add(() -> answer(questions.get(turn), answers.get(turn)));
    }
  }

  private static void answer(Entry.Spent question, BigDecimal[] spent) {
    question.future().complete(new Spending(spent[0], spent[1], question.day()));
  }
}
