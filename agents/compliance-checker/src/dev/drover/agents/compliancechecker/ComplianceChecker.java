package dev.drover.agents.compliancechecker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.drover.agents.kit.BadInput;
import dev.drover.agents.kit.Call;
import dev.drover.agents.kit.InputObject;
import dev.drover.agents.kit.Program;
import dev.drover.agents.kit.Work;
import dev.drover.agents.kit.WorkFailure;
import java.nio.file.Path;
import java.util.Collection;

/**
 * The program: finds what a tree is made of, under which licences that stands, and whether a policy
 * allows it. Findings are no failure.
 */
public final class ComplianceChecker implements Work {
  private final Path tableFile;

  ComplianceChecker(Path tableFile) {
    this.tableFile = tableFile;
  }

  /** Runs in the agent's folder, where its table is. */
  public static void main(String[] arguments) {
    Program.main(new ComplianceChecker(Path.of("licences", "licences.yaml")));
  }

  @Override
  public JsonNode run(InputObject input, Call call) throws BadInput, WorkFailure {
    Request request = Request.read(input);
    LicenceTable table = LicenceTable.read(tableFile);
    Policy policy = new PolicyReader(table).read(input.member("policy"));
    call.say("looking for packages and licences in " + request.target());
    Inventory inventory = new Inventory();
    Checkup checkup = new Checkup(request, inventory);
    new Tree(request.target(), request.exclude()).walk(checkup);
    Collection<Component> components = inventory.components();
    call.say("read " + checkup.filesRead() + " files: " + components.size() + " entries");
    Report report = new Report(policy);
    for (Component component : components) {
      if (request.development() || component.role() != Component.Role.DEVELOPMENT) {
        report.add(component, Resolution.of(component, table));
      }
    }
    JsonNode json = report.json(inventory, checkup.filesRead(), request.limits());
    call.say(
        (json.path("compliant").asBoolean() ? "compliant: " : "not compliant: ")
            + json.path("counts"));
    return json;
  }
}
